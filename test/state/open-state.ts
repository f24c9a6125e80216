import { openState, type StateDirectory } from '../../src/state/state-directory.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

export interface TemporaryState extends TemporaryDirectory {
  readonly state: StateDirectory;
}

/** A state directory on the disk, gone at the end of the scope. */
export async function temporaryState(): Promise<TemporaryState> {
  const directory = await temporaryDirectory();
  const opened = await openState(directory.at('state'));
  if (!opened.ok) throw new Error(opened.error);
  return { ...directory, state: opened.value };
}
