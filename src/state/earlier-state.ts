import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where versions up to 0.1 kept the state of a tasks directory. */
export function earlierStateDirectory(tasksDirectory: string): string {
  return join(tasksDirectory, '.cloudsync');
}

/** Says that a state was left behind, and how to take it along; `null`: there is none, or the new place has one. */
export function leftState(tasksDirectory: string, stateDirectory: string): string | null {
  const earlier = earlierStateDirectory(tasksDirectory);
  if (earlier === stateDirectory) return null;
  if (isBeingMoved(stateDirectory)) {
    return `Moving the state to ${stateDirectory} has not come to its end. Run: cloudsync state move`;
  }
  if (!holdsState(earlier) || holdsState(stateDirectory)) return null;
  return `The state of ${tasksDirectory} lies in ${earlier}, where earlier versions kept it, and there is none yet in ${stateDirectory}. Stop the daemon of the earlier version and run: cloudsync state move`;
}

/** Whether there is anything that a daemon would miss. */
export function holdsState(directory: string): boolean {
  if (['active.ndjson', 'journal.ndjson'].some((name) => exists(join(directory, name)))) return true;
  return ['history', 'memory', 'cut-off', 'tokens', 'archive'].some(
    (name) => namesIn(join(directory, name)).length > 0,
  );
}

/** Lies in a state directory until all of an earlier one has been copied to it. */
export function moveMark(directory: string): string {
  return join(directory, 'move.json');
}

export function isBeingMoved(directory: string): boolean {
  return exists(moveMark(directory));
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
