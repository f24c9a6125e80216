import { fold } from './fold.ts';
import { isPrefix } from './relation.ts';

/** A folder of one file system with all below it, but for what other file systems hide that are mounted there. */
export interface Region {
  /** The file system, as long as it is mounted. */
  readonly space: string;
  /** From the root of the file system, whatever part of it is mounted. */
  readonly parts: readonly string[];
  readonly holes: readonly (readonly string[])[];
  /** Whether names that differ in case, or in the form of Unicode, are one name there. */
  readonly folds: boolean;
}

/** Whether everything at the root of `inner` is seen through `outer` too. */
export function covers(outer: Region, inner: Region): boolean {
  return position(outer, inner) === 'below';
}

/** `hidden`: it would be below, but a mount covers it. */
export function position(outer: Region, inner: Region): 'below' | 'hidden' | 'elsewhere' {
  if (outer.space !== inner.space) return 'elsewhere';
  const spelled = (parts: readonly string[]) => (outer.folds || inner.folds ? parts.map(fold) : parts);
  const innerParts = spelled(inner.parts);
  if (!isPrefix(spelled(outer.parts), innerParts)) return 'elsewhere';
  const isHidden = [...outer.holes, ...inner.holes.filter((hole) => hole.length === inner.parts.length)].some((hole) =>
    isPrefix(spelled(hole), innerParts),
  );
  return isHidden ? 'hidden' : 'below';
}

/** Begins the key of all below it, as `overlappingPairs` wants it; coarser than `covers`, which decides. */
export function regionKey({ space, parts }: Region): string {
  return [space, ...parts.map(fold), ''].join('\0');
}
