import { jsonIn } from '../model/json-text.ts';
import { err, ok, type Result } from '../model/result.ts';
import { runShort } from './short-run.ts';

/** Something in a folder. */
export interface Entry {
  readonly name: string;
  readonly directory: boolean;
  /** Bytes; `null` where the remote does not tell. */
  readonly size: number | null;
  /** RFC 3339, as the remote tells it. */
  readonly modified: string;
}

const timeoutMs = 60_000;

/** What lies in a folder, folders first, each by name. Fails with a sentence. */
export async function listEntries(
  binary: string,
  environment: Readonly<Record<string, string>>,
  remotePath: string,
): Promise<Result<readonly Entry[], string>> {
  const parameters = ['lsjson', '--use-json-log', '--retries', '1', '--low-level-retries', '3', '--no-mimetype'];
  const { exit, error } = await runShort(binary, [...parameters, '--', remotePath], environment, { timeoutMs });
  if (exit.exitCode === 3) return err('there is no such folder');
  if (error !== null) return err(error);
  return parseEntries(exit.stdout);
}

export function parseEntries(text: string): Result<readonly Entry[], string> {
  const values = jsonIn(text);
  if (Array.isArray(values)) return ok(values.map(entryOf).sort(inOrder));
  return err('rclone did not print a list; there may be more entries than can be shown');
}

interface WrittenEntry {
  readonly Name?: unknown;
  readonly IsDir?: unknown;
  readonly Size?: unknown;
  readonly ModTime?: unknown;
}

function entryOf({ Name, IsDir, Size, ModTime }: WrittenEntry): Entry {
  return {
    name: String(Name),
    directory: IsDir === true,
    size: typeof Size === 'number' && Size >= 0 && IsDir !== true ? Size : null,
    modified: String(ModTime),
  };
}

function inOrder(left: Entry, right: Entry): number {
  if (left.directory !== right.directory) return left.directory ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}
