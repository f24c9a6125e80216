import { linksBelow } from '../../place/disk/links-below.ts';
import { isWithin, rootPlaces } from '../confinement.ts';
import { placesOfTask } from '../task-places.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/**
 * rclone writes through a link that it finds in place of a folder or a file. So with --path-root, no link below a
 * destination on this machine leads out of those roots; the backup folder lies there too.
 */
export const wallsGuard: Guard = async ({ task, around, rclone }) => {
  if (around.pathRoots.length === 0) return pass;
  const places = await placesOfTask(task, around.environment, null);
  if (!places.ok) return cannotTell({ message: places.error, retryable: false });
  const roots = await rootPlaces(around.pathRoots);
  const sides = task.spec.direction === 'PULL' ? places.value.local : places.value.far;
  for (const place of sides.flatMap((side) => side.places)) {
    if (place.kind !== 'local') continue;
    for await (const { path, place: target } of linksBelow(place.path, rclone.signal)) {
      if (target.ok && isWithin(target.value, roots)) continue;
      const where = target.ok ? target.value.path : 'an unreadable place';
      return blocked(
        `the link ${path} in the destination leads to ${where}, which is in none of the folders of --path-root, and a ` +
          'run could write through it; remove the link',
      );
    }
  }
  return pass;
};
