import type { FarPlace } from '../model/far-place.ts';
import { fold } from './fold.ts';
import { isOverlap, isPrefix, type Relation, relationBy } from './relation.ts';

export function relationOfFar(one: FarPlace, other: FarPlace): Relation {
  if (one.service !== other.service) return 'apart';
  const pairs = one.marks.map((mark, index) => [mark, other.marks[index] ?? mark] as const);
  const differing = pairs.filter(([left, right]) => left.value !== right.value);
  if (differing.some(([left, right]) => left.known && right.known)) return 'apart';
  const relation = relationOfParts(one, other);
  return relation !== 'apart' && differing.length > 0 ? 'unknown' : relation;
}

function relationOfParts(one: FarPlace, other: FarPlace): Relation {
  const [left, right] = [spelled(one), spelled(other)];
  if (left[0] === '/' && right[0] === '~') return relationOfHome(left.slice(1), right.slice(1), other);
  if (left[0] === '~' && right[0] === '/') return relationOfHome(right.slice(1), left.slice(1), one);
  return relationBy(isPrefix(left, right), isPrefix(right, left));
}

/**
 * Only the server knows where a home folder is. It is likely called as the login is, and it is the root for a login that
 * is shut in there.
 */
function relationOfHome(absolute: readonly string[], fromHome: readonly string[], { marks }: FarPlace): Relation {
  const user = marks.at(-1)?.value ?? '';
  const above = absolute.length < 2 || absolute.at(-1) === user;
  const homes = absolute.flatMap((part, index) => (part === user || part === 'root' ? [index + 1] : []));
  const meets = [0, ...homes].some((length) => {
    const rest = absolute.slice(length);
    return isOverlap(relationBy(isPrefix(rest, fromHome), isPrefix(fromHome, rest)));
  });
  return above || meets ? 'unknown' : 'apart';
}

/**
 * Begins the key of all below it that may be the same place; coarser than the relation, which decides.
 * `withHome`: whether there are places that start from a home folder.
 */
export function farKeys(place: FarPlace, withHome: boolean): readonly string[] {
  const key = (parts: readonly string[]) => [place.service, ...parts, ''].join('\0');
  const parts = spelled(place);
  if (parts[0] !== '/' || !withHome) return [key(parts)];
  // Any part may be the home folder that another place starts from.
  return [key(parts), ...parts.map((_, index) => key(['~', ...parts.slice(index + 1)]))];
}

/** The key of what is surely below it: with all that tells accounts apart. */
export function sureKey(place: FarPlace): string {
  return [place.service, ...place.marks.map(({ value }) => value), ...spelled(place), ''].join('\0');
}

function spelled({ parts, folds }: FarPlace): readonly string[] {
  return folds ? parts.map(fold) : parts;
}
