import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';
import { isTrackedByGit } from '../source/tracked.ts';
import type { StateOrigin } from '../state/default-directory.ts';
import { leftState } from '../state/earlier-state.ts';
import { openState, type StateDirectory } from '../state/state-directory.ts';
import { distrustOf } from '../state/trusted-directory.ts';
import type { Settings } from './settings.ts';

type Place = Pick<Settings, 'tasksDirectory' | 'stateDirectory' | 'stateOrigin'>;

/**
 * Makes the state directory ready to be written, or says in a sentence why it must not be used. Nothing begins with an
 * empty state beside an earlier one: it would have forgotten what is active, and what it has deleted.
 */
export async function prepareState(
  place: Place,
  environment: NodeJS.ProcessEnv,
): Promise<Result<StateDirectory, string>> {
  const { tasksDirectory, stateDirectory, stateOrigin } = place;
  const left = stateOrigin === 'named' ? null : leftState(tasksDirectory, stateDirectory);
  if (left !== null) return err(left);
  const misplaced = await misplacementOf(place, environment);
  if (misplaced !== null) return err(misplaced);
  const above = await makeFoldersAbove(stateDirectory, stateOrigin);
  return above.ok ? openState(stateDirectory) : above;
}

/** Why a daemon would refuse that place for its state; `null`: it would take it. Makes nothing. */
export async function stateFault(place: Place, environment: NodeJS.ProcessEnv): Promise<string | null> {
  const misplaced = await misplacementOf(place, environment);
  const isOfRoot = place.stateOrigin === 'machine' && process.getuid?.() !== 0;
  if (misplaced !== null || isOfRoot) return misplaced;
  // What cannot be seen is for the daemon to say, which may be another user.
  return distrustOf(place.stateDirectory).catch(() => null);
}

/** Whether a commit could write the state. */
export async function misplacementOf(
  { tasksDirectory, stateDirectory }: Place,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> {
  const advice = 'Name one outside with --state-dir or CLOUDSYNC_STATE_DIR, or leave that out.';
  const isBelow =
    isWithin(tasksDirectory, stateDirectory) || isWithin(await realWay(tasksDirectory), await realWay(stateDirectory));
  if (isBelow) {
    return `The state directory ${stateDirectory} lies in the tasks directory ${tasksDirectory}, where a commit could write what runs. ${advice}`;
  }
  if (await isTrackedByGit(stateDirectory, environment)) {
    return `Git tracks files in the state directory ${stateDirectory}, so that a commit could write what runs. Take them out with "git rm -r --cached", or name another directory with --state-dir or CLOUDSYNC_STATE_DIR.`;
  }
  return null;
}

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** With the links resolved of as much of the way as there is. */
async function realWay(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  return path === dirname(path) ? path : join(await realWay(dirname(path)), basename(path));
}

/** Above a directory that was named nothing is made: that may be on a disk which is not mounted yet. */
export async function makeFoldersAbove(stateDirectory: string, origin: StateOrigin): Promise<Result<void, string>> {
  const above = dirname(stateDirectory);
  try {
    switch (origin) {
      case 'named':
      case 'systemd':
        break;
      case 'machine':
        // Others may see which directories have a daemon of root, and nothing more.
        await mkdir(above, { recursive: true, mode: 0o755 });
        break;
      case 'home':
        // As the XDG Base Directory Specification has it.
        await mkdir(above, { recursive: true, mode: 0o700 });
        break;
      default:
        return unreachable(origin);
    }
    const stats = await stat(above).catch(() => null);
    return stats === null || stats.isDirectory() ? ok(undefined) : err(`${above} is not a directory. Move it away.`);
  } catch (error) {
    const advice = 'Name a directory that you may write with --state-dir or CLOUDSYNC_STATE_DIR.';
    return err(`The folder ${above} for the state cannot be made: ${systemWords(error)}. ${advice}`);
  }
}
