import { isRecord, jsonIn } from '../model/json-text.ts';
import { addEvidence, emptyEvidence } from './evidence.ts';
import { classify } from './outcome.ts';
import { startRclone } from './process.ts';

/** A file as a listing shows it. */
export interface ListedFile {
  /** Relative to what was listed. */
  readonly path: string;
  /** Bytes; -1 where the remote does not tell. */
  readonly size: number;
  /** RFC 3339, as the remote tells it. */
  readonly modified: string;
  /** Hashes and the remote's own id of the content, in one text; empty where nothing of it was asked for or is known. */
  readonly identity: string;
}

export interface FileListing {
  /** A local path, or `name:path`. */
  readonly place: string;
  /** For rclone's standard input, as filter rules or as exact names; `null`: all files. */
  readonly only: { readonly filters: string } | { readonly names: readonly string[] } | null;
  /** Further arguments, such as `--hash`. */
  readonly options: readonly string[];
}

export interface ListingEnd {
  /** One sentence; `null`: the listing is complete. */
  readonly error: string | null;
  readonly retryable: boolean;
  /** Whether it is the login that has run out. */
  readonly expired: boolean;
  /** The place is not there. */
  readonly missing: boolean;
  /** Folders of a bucket with keys in them that rclone leaves out, because a part of the path is empty. */
  readonly misplaced: readonly string[];
}

/** Lists files at any depth, one by one. A listing that ends with an error may have shown a part of them. */
export async function listFiles(
  binary: string,
  environment: Readonly<Record<string, string>>,
  { place, only, options }: FileListing,
  signal: AbortSignal,
  onFile: (file: ListedFile) => void,
): Promise<ListingEnd> {
  let evidence = emptyEvidence;
  const misplaced: string[] = [];
  const rclone = await startRclone({
    binary,
    arguments: [
      ...['lsjson', '--recursive', '--files-only', '--no-mimetype', '--use-json-log', '--retries', '1'],
      ...selecting(only),
      ...options,
      ...['--', place],
    ],
    environment,
    input: inputOf(only),
    onLine: (line) => {
      evidence = addEvidence(evidence, line);
      if (line.kind === 'message' && line.text.startsWith("Entry doesn't belong in directory")) {
        misplaced.push(line.object ?? '');
      }
    },
    onOutputLine(line) {
      const file = parseFile(line);
      if (file !== null) onFile(file);
    },
  });
  signal.addEventListener('abort', rclone.stop, { once: true });
  if (signal.aborted) rclone.stop();
  const exit = await rclone.finished;
  signal.removeEventListener('abort', rclone.stop);
  const { outcome, lastError, retryable } = classify(exit, evidence);
  return { error: lastError, retryable, expired: outcome === 'AuthExpired', missing: exit.exitCode === 3, misplaced };
}

function selecting(only: FileListing['only']): readonly string[] {
  if (only === null) return [];
  return 'names' in only ? ['--files-from-raw', '-'] : ['--filter-from', '-'];
}

function inputOf(only: FileListing['only']): string | null {
  if (only === null) return null;
  return 'names' in only ? only.names.map((name) => `${name}\n`).join('') : only.filters;
}

/** rclone prints an array with one entry a line, and the comma after an entry on its line or on the next. */
function parseFile(line: string): ListedFile | null {
  const start = line.indexOf('{');
  const end = line.lastIndexOf('}');
  if (start === -1 || end === -1) return null;
  const entry = jsonIn(line.slice(start, end + 1));
  if (!isRecord(entry)) return null;
  const { Path: path, Size: size, ModTime: modified, Hashes: hashes, ID: id }: WrittenFile = entry;
  if (typeof path !== 'string') return null;
  const identity = [isRecord(hashes) ? JSON.stringify(hashes) : '', typeof id === 'string' ? id : ''].join(' ').trim();
  return { path, size: typeof size === 'number' ? size : -1, modified: String(modified), identity };
}

interface WrittenFile {
  readonly Path?: unknown;
  readonly Size?: unknown;
  readonly ModTime?: unknown;
  readonly Hashes?: unknown;
  readonly ID?: unknown;
}
