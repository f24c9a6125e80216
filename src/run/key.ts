import type { ResolvedTask } from '../model/desired.ts';
import { err, ok, type Result } from '../model/result.ts';
import { runShort } from '../rclone/short-run.ts';
import { type Ending, endedByFailure, endedEarly } from './ending.ts';
import type { FarSide } from './far-side.ts';
import { within } from './local-side.ts';

/**
 * Whether anything at the far side can be decrypted, which is all that a restore needs: what was not written with this
 * key is left out of it, and named.
 */
export async function keyOpensSome(
  { spec }: Pick<ResolvedTask, 'spec'>,
  far: FarSide,
  signal: AbortSignal,
): Promise<Result<void, Ending>> {
  if (spec.encryption === null) return ok(undefined);
  if (spec.encryption.filenames) {
    const plain = await far.look(far.remote.plainPath);
    if (!plain.ok) return err(endedByFailure(plain.error));
    if (!plain.value.exists || plain.value.empty) return ok(undefined);
    const decrypted = await far.look(far.remote.path);
    if (!decrypted.ok) return err(endedByFailure(decrypted.error));
    // With a wrong key, one name in 200 or so can be decrypted by chance.
    if (decrypted.value.entries * 2 >= plain.value.entries) return ok(undefined);
    if (decrypted.value.entries === 0) return err(endedEarly('Blocked', wrongKey));
  }
  return openSome(far, signal);
}

const wrongKey =
  'what is at the far side cannot be decrypted: the encryption password or the salt is not the one that it was written with, ' +
  'or it was never encrypted';

const listTimeoutMs = 600_000;
const readTimeoutMs = 60_000;
const tries = 3;

/** The first byte of a file comes with the check that its block was encrypted with this key. */
async function openSome(far: FarSide, signal: AbortSignal): Promise<Result<void, Ending>> {
  const found: string[] = [];
  const enough = new AbortController();
  const parameters = ['lsf', '--recursive', '--files-only', '--format', 'sp', '--use-json-log', '--retries', '1'];
  const listed = await runShort(far.binary.path, [...parameters, '--', far.remote.path], far.environment, {
    timeoutMs: listTimeoutMs,
    signal: AbortSignal.any([signal, enough.signal]),
    onOutputLine(line) {
      const [size, path] = [line.slice(0, line.indexOf(';')), line.slice(line.indexOf(';') + 1)];
      // An empty file has nothing to decrypt.
      if (Number(size) > 0 && found.length < tries) found.push(path);
      if (found.length === tries) enough.abort();
    },
  });
  if (!enough.signal.aborted && listed.failure !== null) {
    const { message, retryable, expired } = listed.failure;
    return err(endedByFailure({ message: far.redact(message), retryable, expired }));
  }
  for (const path of found) {
    const read = ['cat', '--head', '1', '--use-json-log', '--retries', '1', '--', within(far.remote.path, path)];
    const { exit } = await runShort(far.binary.path, read, far.environment, { timeoutMs: readTimeoutMs, signal });
    if (exit.exitCode === 0) return ok(undefined);
  }
  return found.length === 0 ? ok(undefined) : err(endedEarly('Blocked', wrongKey));
}
