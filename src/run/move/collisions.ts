import { createPrints } from './prints.ts';

/** Names at the source that are one name elsewhere. */
export interface Collision {
  /** Two or more, sorted. */
  readonly names: readonly string[];
  /** `duplicate`: the very same name; `unicode`: written with other code points; `case`: with other capitals. */
  readonly kind: 'duplicate' | 'unicode' | 'case';
}

/** What of a name a file system keeps at least, or a server: neither its capitals nor how its letters are composed. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase().normalize('NFC');
}

/** Finds names that fold to the same, without keeping the names. */
export interface Folds {
  add(name: string): void;
  /** What two or more of the names fold to. */
  readonly shared: ReadonlySet<string>;
}

export function createFolds(): Folds {
  const seen = createPrints();
  const shared = new Set<string>();
  return {
    shared,
    add(name) {
      const fold = foldName(name);
      if (seen.has(fold)) shared.add(fold);
      else seen.add(fold, '');
    },
  };
}

/** The collisions among these names, in order. */
export function collisionsAmong(names: readonly string[]): readonly Collision[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const fold = foldName(name);
    const group = groups.get(fold);
    if (group === undefined) groups.set(fold, [name]);
    else group.push(name);
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((group) => ({ names: group.sort(), kind: kindOf(group) }))
    .sort((left, right) => ((left.names[0] ?? '') < (right.names[0] ?? '') ? -1 : 1));
}

function kindOf(names: readonly string[]): Collision['kind'] {
  if (new Set(names).size < names.length) return 'duplicate';
  return new Set(names.map((name) => name.normalize('NFC'))).size < names.length ? 'unicode' : 'case';
}
