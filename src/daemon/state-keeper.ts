import type { Emit } from '../model/event.ts';
import { err, type Result } from '../model/result.ts';
import type { Ownership } from '../state/owner.ts';
import { openState, type StateDirectory, stateKey } from '../state/state-directory.ts';

interface StateKeeperOptions {
  readonly state: StateDirectory;
  readonly ownership: Pick<Ownership, 'renew'>;
  /** Writes what is known into an empty state directory. */
  readonly rewrite: () => Promise<Result<void, string>>;
  readonly emit: Emit;
}

/**
 * By default the state directory lies in the tasks directory, and goes with it when that is removed or another is moved
 * into its place. What is in force is in memory too, so the result makes the directory anew where it is another than
 * before: no task is forgotten, and nobody else can take it. Until that succeeds it is tried each time.
 */
export async function createStateKeeper(options: StateKeeperOptions): Promise<() => Promise<void>> {
  const { state, emit } = options;
  let key = await stateKey(state);
  let told: string | null = null;

  return async () => {
    if ((await stateKey(state)) === key) return;
    const remade = await remake(options);
    if (!remade.ok) {
      if (remade.error !== told) emit({ type: 'WriteFailed', path: state.path, detail: remade.error });
      told = remade.error;
      return;
    }
    key = await stateKey(state);
    told = null;
    emit({ type: 'StateRemade', path: state.path });
  };
}

async function remake({ state, ownership, rewrite }: StateKeeperOptions): Promise<Result<void, string>> {
  const opened = await openState(state.path);
  if (!opened.ok) return opened;
  const renewed = await ownership.renew();
  return renewed.ok ? rewrite() : err(renewed.error.message);
}
