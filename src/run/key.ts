import type { ResolvedTask } from '../model/desired.ts';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import { tryKey } from '../rclone/key-trial.ts';
import { type Ending, endedByFailure, endedEarly } from './ending.ts';
import type { FarSide } from './far-side.ts';

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

/** A file that was cut off, or was never encrypted, must not speak for the others. */
const mostTried = 20;

async function openSome(
  { binary, environment, remote, redact }: FarSide,
  signal: AbortSignal,
): Promise<Result<void, Ending>> {
  const trial = await tryKey(binary.path, environment, remote.path, signal, mostTried);
  switch (trial.kind) {
    case 'right':
    case 'untried':
      return ok(undefined);
    case 'wrong':
      return err(endedEarly('Blocked', wrongKey));
    case 'failed':
      return err(endedByFailure({ message: redact(trial.message), retryable: trial.retryable }));
    default:
      return unreachable(trial);
  }
}
