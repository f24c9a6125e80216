import type { FarPlace } from '../model/far-place.ts';
import { relationOfFar } from './far-place.ts';
import { type LocalPlace, relationOfLocal, showsOthers } from './local-place.ts';
import type { Relation } from './relation.ts';

export type Place = LocalPlace | FarPlace;

/** How two places lie to each other. Whether a server shows a folder of this machine cannot be known from its name. */
export function relationOf(one: Place, other: Place): Relation {
  if (one.kind === 'local') return other.kind === 'local' ? relationOfLocal(one, other) : relationAcross(one, other);
  return other.kind === 'far' ? relationOfFar(one, other) : relationAcross(other, one);
}

function relationAcross(local: LocalPlace, far: FarPlace): Relation {
  return far.host === 'cloud' && (local.fileSystem === null || !showsOthers(local.fileSystem)) ? 'apart' : 'unknown';
}
