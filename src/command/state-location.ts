import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../model/result.ts';
import { defaultStateDirectory, machineStateDirectory, type StateOrigin } from '../state/default-directory.ts';

export interface StateLocation {
  readonly path: string;
  readonly origin: StateOrigin;
}

/**
 * Where the state of a tasks directory lies if the command line does not say so. A daemon of root keeps it elsewhere than
 * one of this user: where root has a state of this directory and no daemon of this user runs, that is the one that is
 * asked, or that cannot be asked. Nobody is told that there is no daemon because it was looked for in the wrong place.
 */
export function locateState(
  tasksDirectory: string,
  environment: NodeJS.ProcessEnv,
  uid = process.getuid?.() ?? null,
): Result<StateLocation, string> {
  const own = defaultStateDirectory(tasksDirectory, environment, uid);
  if (own.ok && (own.value.origin !== 'home' || exists(join(own.value.path, 'daemon.sock')))) return own;
  const machine = machineStateDirectory(tasksDirectory);
  return exists(machine) ? ok({ path: machine, origin: 'machine' }) : own;
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
