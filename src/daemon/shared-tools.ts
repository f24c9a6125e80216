import { type Clock, systemClock } from '../model/clock.ts';
import type { CutOffs } from '../model/cut-off.ts';
import { recallCutOffs } from '../run/cut-off/cut-offs.ts';
import type { SharedTools } from '../run/run-order.ts';
import { type StateDirectory, stateDirectory } from '../state/state-directory.ts';
import { createBinaryInspection } from './binary-inspection.ts';
import { createProviderSearch, type ProviderSearch } from './provider-search.ts';
import type { Settings } from './settings.ts';

interface Surroundings {
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  /** Where one has been made already. */
  readonly search?: ProviderSearch;
  readonly state?: StateDirectory;
  readonly clock?: Clock;
  /** Left out: those on the disk, to look at. */
  readonly cutOffs?: CutOffs;
  /** Left out: a command, which ends soon. */
  readonly role?: 'daemon' | 'command';
}

/** What all runs, dry runs, restores, checks and questions to remotes of a process have at hand. */
export function createSharedTools({
  settings,
  environment,
  search = createProviderSearch(settings, environment),
  state = stateDirectory(settings.stateDirectory),
  clock = systemClock,
  cutOffs = recallCutOffs(state),
  role = 'command',
}: Surroundings): SharedTools {
  const inspectBinary = createBinaryInspection(settings.rclone, environment);
  return {
    inspectBinary,
    confinement: settings,
    findProvider: search.find,
    environment,
    processName: processNameOf(role),
    state,
    cutOffs,
    tasksDirectory: settings.tasksDirectory,
    clock,
  };
}

/** Whoever reads a message about a missing secret has an environment of their own, where it may well be set. */
export function processNameOf(role: 'daemon' | 'command'): string {
  return `${role === 'daemon' ? 'the daemon' : 'this command'} (process ${process.pid})`;
}
