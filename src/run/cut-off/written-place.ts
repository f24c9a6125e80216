import { createHash } from 'node:crypto';
import type { LocalRoot, WrittenPlace } from '../../model/cut-off.ts';
import type { FarPlace } from '../../model/far-place.ts';
import { readPlace } from '../../place/disk/read-place.ts';
import { relationOfFar } from '../../place/far-place.ts';
import { type LocalPlace, relationOfLocal } from '../../place/local-place.ts';
import { partsOf } from '../../place/mount-table.ts';
import type { Place } from '../../place/place.ts';
import { isPrefix, type Relation, relationBy } from '../../place/relation.ts';

/** A place, as it is kept for other runs. A cloud is left out: what it shows was sent in full. */
export function writtenPlace(place: Place): readonly WrittenPlace[] {
  if (place.kind === 'far') return place.host === 'cloud' ? [] : [sealed(place)];
  const folder = place.missing.length === 0 ? (place.folders.at(-1) ?? null) : null;
  return [{ kind: 'path', path: place.path, folder }];
}

/** How a place that was written lies to one of now. */
export async function relationToWritten(written: WrittenPlace, place: Place): Promise<Relation> {
  if (written.kind === 'path') return place.kind === 'local' ? relationOfRoot(written, place) : 'apart';
  return place.kind === 'far' ? relationOfFar(written, sealed(place)) : 'apart';
}

async function relationOfRoot({ path, folder }: LocalRoot, place: LocalPlace): Promise<Relation> {
  // It has another name now.
  if (folder !== null && place.missing.length === 0 && place.folders.at(-1) === folder) return 'same';
  if (folder !== null && place.folders.includes(folder)) return 'contains';
  const root = await readPlace(path);
  if (root.ok) return relationOfLocal(root.value, place);
  const [one, other] = [partsOf(path), partsOf(place.path)];
  return relationBy(isPrefix(one, other), isPrefix(other, one));
}

/** What tells accounts apart may be a secret, and only has to be equal or not. */
function sealed(place: FarPlace): FarPlace {
  const seal = (value: string) => (value === '' ? '' : createHash('sha256').update(value).digest('base64url'));
  return { ...place, marks: place.marks.map(({ value, known }) => ({ value: seal(value), known })) };
}
