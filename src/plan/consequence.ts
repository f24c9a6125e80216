import type { ResolvedTask } from '../model/desired.ts';
import type { TransferMode } from '../model/task.ts';
import { backupPlaceOf, namesOf, routeOf } from './route.ts';

/** What a run does to files that are already there, in words. */
export function consequence(task: ResolvedTask): string {
  const { source, destination } = routeOf(task);
  const names = namesOf(task);
  const under = names === null ? `under ${destination}` : `in ${names.join(', ')} under ${destination}`;
  const backups = backupPlaceOf(task);
  const kept = backups === null ? '' : `, and kept under ${backups}`;
  const consequences: Readonly<Record<TransferMode, string>> = {
    SYNC: `files ${under} that are not in ${source} will be deleted${kept}`,
    MOVE: `files leave ${source} after they are copied to ${destination}`,
    COPY: `files of the same name ${under} will be overwritten${kept}`,
  };
  return consequences[task.spec.transferMode];
}

/** Whether a run can take files away that nobody has a copy of. */
export function isDestructive(task: ResolvedTask): boolean {
  return task.spec.transferMode !== 'COPY';
}
