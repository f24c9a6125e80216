import { readPlaces } from '../../place/disk/read-place.ts';
import { intrusionOf, intrusionText } from '../../place/own-directories.ts';
import { placesOfTask } from '../task-places.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/** No run reads what Cloudsync keeps, writes or deletes there, or changes manifests. */
export const ownDirectoriesGuard: Guard = async ({ task, local, around }) => {
  const { spec } = task;
  const places = await placesOfTask(task, around.environment, local.selection);
  if (!places.ok) return cannotTell({ message: places.error, retryable: false });
  const [from, to] = spec.direction === 'PUSH' ? (['local', 'far'] as const) : (['far', 'local'] as const);
  const names = [around.stateDirectory, ...(around.tasksDirectory === null ? [] : [around.tasksDirectory])];
  const [state, tasks] = (await readPlaces(names)).map((place) => (place.ok ? place.value : null));
  const sides = {
    sources: places.value[from].flatMap((side) => side.places),
    destinations: places.value[to].flatMap((side) => side.places),
  };
  const found = intrusionOf(sides, spec, { state: state ?? null, tasks: tasks ?? null });
  if (found === null) return pass;
  const [side] = places.value[found.side === 'source' ? from : to];
  const { message, hint } = intrusionText(found);
  return blocked(`the ${found.side} ${side?.name ?? ''} ${message}; ${hint}`);
};
