import { lstat, opendir } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { ResolvedTask } from '../../model/desired.ts';
import type { RestoreOrder } from '../../model/restore.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { readPlace } from '../../place/disk/read-place.ts';
import { type Place, relationOf } from '../../place/place.ts';
import { isOverlap } from '../../place/relation.ts';
import { placesOfTask } from '../task-places.ts';
import { isStaging } from './staging.ts';

/** Whether a restore may write into its directory. The error says why not, and what to do. */
export async function checkRestorePlace(
  { name, spec, credential }: Pick<ResolvedTask, 'name' | 'spec' | 'credential'>,
  { directory, intoExisting }: Pick<RestoreOrder, 'directory' | 'intoExisting'>,
  environment: NodeJS.ProcessEnv,
): Promise<Result<void, string>> {
  if (!isAbsolute(directory)) return err(`"${directory}" is not an absolute path of a directory`);
  const place = await readPlace(directory);
  if (!place.ok) return place;
  const overlapping = (other: Place) => isOverlap(relationOf(place.value, other));
  const places = await placesOfTask({ spec, credential }, environment, null);
  if (!places.ok) return places;
  const source = places.value.far.find((side) => side.places.some(overlapping));
  if (source !== undefined) {
    return err(`${directory} overlaps with ${source.name}, which is what would be restored; name another directory`);
  }
  const { path } = place.value;
  if (intoExisting) return (await kindOf(path)) === 'other' ? err(`${directory} is not a directory`) : ok(undefined);
  const isOwn = (own: Place) => ['same', 'inside', 'crosses'].includes(relationOf(place.value, own));
  if (places.value.local.some((side) => side.places.some(isOwn))) {
    return err(
      `${directory} is where task ${name} has its own files; name another directory, ` +
        'or add --into-existing to put back there what is missing',
    );
  }
  return emptyOrAbsent(directory, path);
}

async function emptyOrAbsent(named: string, place: string): Promise<Result<void, string>> {
  switch (await kindOf(place)) {
    case 'absent':
    case 'empty':
      return ok(undefined);
    case 'other':
      return err(`${named} is not a directory`);
    default:
      return err(
        `${named} is not empty; name a directory that is empty or not there yet, ` +
          'or add --into-existing to put there what is missing and leave alone what there is',
      );
  }
}

async function kindOf(place: string): Promise<'absent' | 'empty' | 'filled' | 'other'> {
  const stats = await lstat(place).catch(() => null);
  if (stats === null) return 'absent';
  if (!stats.isDirectory()) return 'other';
  // What a restore that was killed has left is no file of anybody.
  for await (const { name } of await opendir(place)) if (!isStaging(name)) return 'filled';
  return 'empty';
}
