import type { Emit } from '../model/event.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Ownership, OwnershipFailure } from '../state/owner.ts';
import { type StateDirectory, stateKey } from '../state/state-directory.ts';

interface StateKeeperOptions {
  readonly state: StateDirectory;
  /** Makes the directory anew, with what is missing above it; the error is a sentence for people. */
  readonly open: () => Promise<Result<StateDirectory, string>>;
  readonly ownership: Pick<Ownership, 'isHeld' | 'renew'>;
  /** Writes what is known into an empty state directory. */
  readonly rewrite: () => Promise<Result<void, string>>;
  readonly emit: Emit;
}

/** `held`: somebody else has the directory now, and it is lost. */
export type KeepState = () => Promise<Result<void, OwnershipFailure>>;

/**
 * The state directory may be removed under a daemon, or another moved into its place. What is active is in memory too, so
 * the result writes the directory again where it is another than before: no task is forgotten, and nobody else can take
 * it. Until that succeeds it is tried each time, and nothing may be written there: it may be somebody else's.
 */
export async function createStateKeeper(options: StateKeeperOptions): Promise<KeepState> {
  const { state, emit } = options;
  let key = await stateKey(state);
  let told: string | null = null;

  return async () => {
    const found = await stateKey(state);
    if (found === key) return ok(undefined);
    // Some file systems number a directory anew while it stays the same.
    if (found !== null && (await options.ownership.isHeld())) {
      key = found;
      return ok(undefined);
    }
    const remade = await remake(options);
    if (!remade.ok) {
      const { message } = remade.error;
      if (message !== told) emit({ type: 'WriteFailed', path: state.path, detail: message });
      told = message;
      return remade;
    }
    key = await stateKey(state);
    told = null;
    emit({ type: 'StateRemade', path: state.path });
    return ok(undefined);
  };
}

async function remake({ open, ownership, rewrite }: StateKeeperOptions): Promise<Result<void, OwnershipFailure>> {
  const opened = await open();
  if (!opened.ok) return err({ kind: 'failed', message: opened.error });
  const renewed = await ownership.renew();
  if (!renewed.ok) return renewed;
  const rewritten = await rewrite();
  return rewritten.ok ? ok(undefined) : err({ kind: 'failed', message: rewritten.error });
}
