import { posix } from 'node:path';
import type { ResolvedTask } from '../model/desired.ts';
import type { LocalPlace } from '../place/local-place.ts';
import { placeByName } from '../place/named-place.ts';
import type { Place } from '../place/place.ts';
import type { ManifestContext } from './context.ts';

/** Where one path of a task and its counterpart are. */
export interface TaskLocations {
  readonly source: readonly Place[];
  readonly destination: readonly Place[];
  readonly local: readonly Place[];
  readonly remote: readonly Place[];
  /** What it sets aside; empty: nothing. */
  readonly backup: readonly Place[];
}

/** A local path, and what was known of it. */
export type LookedUp = readonly [path: string, place: LocalPlace | null];

interface Located {
  readonly locations: readonly TaskLocations[];
  readonly lookedUp: readonly LookedUp[];
}

/** One pair for each path: of a list, the far side holds each path under its last name. */
export function taskLocations(task: ResolvedTask, context: ManifestContext): Located {
  const { paths, direction, remote, safety } = task.spec;
  const { backupFolder } = safety;
  const lookedUp: LookedUp[] = [];
  const localPlace = (path: string): Place => {
    const place = context.localPlace(path);
    lookedUp.push([path, place]);
    return place ?? placeByName(path);
  };
  const remotePlaces = (name: string): readonly Place[] => {
    const named = context.farPlaces(below(remote, name), task.credential);
    return named.map((place) => (place.kind === 'path' ? localPlace(place.path) : place));
  };
  const backupOf = (path: string): readonly Place[] => {
    if (backupFolder === null) return [];
    return direction === 'PUSH' ? remotePlaces(backupFolder) : [localPlace(posix.join(path, backupFolder))];
  };
  const locations = paths.map((path): TaskLocations => {
    const local = [localPlace(path)];
    const far = remotePlaces(paths.length > 1 ? posix.basename(path) : '');
    const [source, destination] = direction === 'PUSH' ? [local, far] : [far, local];
    return { source, destination, local, remote: far, backup: backupOf(path) };
  });
  return { locations, lookedUp };
}

/** Local paths that the locations of a task depend on. */
export function localPathsOf(
  { spec, credential }: Pick<ResolvedTask, 'spec' | 'credential'>,
  farPlaces: ManifestContext['farPlaces'],
): readonly string[] {
  const { paths, remote, safety, direction } = spec;
  const names = ['', ...(paths.length > 1 ? paths.map((path) => posix.basename(path)) : []), safety.backupFolder ?? ''];
  const far = [...new Set(names)].flatMap((name) =>
    farPlaces(below(remote, name), credential).flatMap((place) => (place.kind === 'path' ? [place.path] : [])),
  );
  const { backupFolder } = safety;
  const kept = backupFolder === null || direction === 'PUSH' ? [] : paths.map((path) => posix.join(path, backupFolder));
  return [...paths, ...far, ...kept];
}

function below(remote: ResolvedTask['spec']['remote'], name: string): ResolvedTask['spec']['remote'] {
  return name === '' ? remote : { ...remote, folder: `${remote.folder}/${name}` };
}
