import type { ActiveSet } from '../../src/model/active.ts';
import { readActiveSet } from '../../src/state/active-store.ts';
import type { StateDirectory } from '../../src/state/state-directory.ts';

/** As others than the owner of the state read it. */
export async function activeSet(state: StateDirectory): Promise<ActiveSet> {
  const read = await readActiveSet(state);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}
