import { listFiles } from './file-listing.ts';
import { runShort } from './short-run.ts';

/** What reading the start of an encrypted file says of the key. */
export type KeyTrial =
  | { readonly kind: 'right' }
  /** None of the files that were tried could be decrypted; they are named. */
  | { readonly kind: 'wrong'; readonly tried: readonly string[] }
  /** There is no file to try, or none could be read for another reason. */
  | { readonly kind: 'untried' }
  /** The place could not be listed. */
  | { readonly kind: 'failed'; readonly message: string; readonly retryable: boolean };

/** A file that was cut off, or was never encrypted, may be among them. */
const mostTriedByDefault = 3;
/** How far below the root a file is looked for. */
const maxDepth = 6;
const timeoutMs = 60_000;

/** Each encrypted block carries a checksum made with the key, so that no other key passes. `remote`: the decrypted view. */
export async function tryKey(
  binary: string,
  environment: Readonly<Record<string, string>>,
  remote: string,
  signal: AbortSignal,
  mostTried = mostTriedByDefault,
): Promise<KeyTrial> {
  const found = await findFiles(binary, environment, remote, signal, mostTried);
  if ('message' in found) return { kind: 'failed', ...found };
  const tried: string[] = [];
  for (const path of found.paths) {
    const parameters = ['cat', '--use-json-log', '--retries', '1', '--low-level-retries', '3', '--count', '1'];
    const place = remote.endsWith(':') ? `${remote}${path}` : `${remote}/${path}`;
    const { error } = await runShort(binary, [...parameters, '--', place], environment, { timeoutMs, signal });
    if (error === null) return { kind: 'right' };
    if (isUndecryptable(error)) tried.push(path);
  }
  return tried.length > 0 ? { kind: 'wrong', tried } : { kind: 'untried' };
}

/** The first files that are not empty: an empty one is encrypted to a header that tells nothing. */
async function findFiles(
  binary: string,
  environment: Readonly<Record<string, string>>,
  remote: string,
  signal: AbortSignal,
  mostTried: number,
): Promise<{ readonly paths: readonly string[] } | { readonly message: string; readonly retryable: boolean }> {
  const paths: string[] = [];
  const enough = new AbortController();
  const listing = { place: remote, only: null, options: ['--max-depth', String(maxDepth), '--no-modtime'] };
  const { error, retryable, missing } = await listFiles(
    binary,
    environment,
    listing,
    AbortSignal.any([signal, enough.signal]),
    ({ path, size }) => {
      // The size of a file too short to be encrypted is shown as less than nothing.
      if (size > 0) paths.push(path);
      if (paths.length >= mostTried) enough.abort();
    },
  );
  if (paths.length > 0 || missing || error === null) return { paths: paths.slice(0, mostTried) };
  return { message: error, retryable };
}

/** rclone's words for a block whose checksum is wrong; in 1.60, a short file seems to end too early then. */
function isUndecryptable(error: string): boolean {
  return /bad password|unexpected EOF|bad magic|too short to be encrypted|not a multiple|not an encrypted file/i.test(
    error,
  );
}
