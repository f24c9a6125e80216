/**
 * How one place lies to another. `crosses`: neither holds the other, but a part of both is the same, as where one has a
 * folder of the other mounted below it. `unknown`: nothing shows that they are apart.
 */
export type Relation = 'same' | 'inside' | 'contains' | 'crosses' | 'apart' | 'unknown';

/** Whether a file may be in both places, for all that is known. */
export function isOverlap(relation: Relation): boolean {
  return relation !== 'apart' && relation !== 'unknown';
}

/** From what each of the two covers of the other. */
export function relationBy(covers: boolean, isCovered: boolean): 'same' | 'inside' | 'contains' | 'apart' {
  if (covers) return isCovered ? 'same' : 'contains';
  return isCovered ? 'inside' : 'apart';
}

/** Whether a path, part by part, is another or above it: `a` is not above `ab`. */
export function isPrefix(prefix: readonly string[], parts: readonly string[]): boolean {
  return prefix.length <= parts.length && prefix.every((part, index) => part === parts[index]);
}
