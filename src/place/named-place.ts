import type { LocalPlace } from './local-place.ts';
import { partsOf } from './mount-table.ts';

/** A path of which only the name is known. It meets other such paths, and none that was read. */
export function placeByName(path: string): LocalPlace {
  const parts = partsOf(path);
  return {
    kind: 'local',
    path,
    regions: [{ space: 'path', parts, holes: [], folds: false }],
    folders: [],
    missing: [],
    fileSystem: null,
    mountedBelow: [],
  };
}
