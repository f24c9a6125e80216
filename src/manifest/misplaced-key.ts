import type { DocumentPath } from './finding.ts';
import type { Shape } from './validators.ts';

/** The map that a key belongs into, such as `spec.schedule`, where it stands in another; `null` where no map has it. */
export function placeOfKey(key: string, path: DocumentPath, shape: Shape): string | null {
  const here = path.join('.');
  const places = Object.entries(shape.expectations).flatMap(([pointer, { keys }]) => {
    const place = pointer
      .split('/')
      .filter((part) => part !== '#' && part !== 'properties')
      .join('.');
    return keys.includes(key) && place !== here && !/items|oneOf|anyOf/.test(place) ? [place] : [];
  });
  const depth = (place: string) => place.split('.').length;
  const [first, second] = places.sort((left, right) => depth(left) - depth(right));
  if (first === undefined || first === '') return null;
  // Of two that are as near, nobody knows which one was meant.
  return second !== undefined && depth(second) === depth(first) ? null : first;
}
