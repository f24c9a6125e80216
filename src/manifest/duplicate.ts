import type { ManifestKind, ParsedManifest } from '../model/desired.ts';
import type { ManifestContext } from './context.ts';
import { type CrossProblem, placeText } from './cross-problem.ts';
import type { Ownership } from './ownership.ts';
import { displayPath } from './problem-list.ts';

/**
 * Names are unique per kind. The file that a name was applied from keeps it and is only warned; where that file was
 * moved, the only one that says what was applied does.
 */
export function duplicateNames(
  manifests: readonly ParsedManifest[],
  ownership: Ownership,
  context: ManifestContext,
): readonly CrossProblem[] {
  const named = manifests.flatMap((manifest) => {
    const { kind, name } = manifest;
    return kind === null || name === null ? [] : [{ manifest, kind, name }];
  });
  return groupBy(named, ({ kind, name }) => `${kind} ${name}`).flatMap((group) => {
    const keeper = keeperOf(group, ownership);
    return group.map((each): CrossProblem => {
      const { manifest, name } = each;
      const keeps = manifest === keeper;
      const message = `the name "${name}" is also used in ${otherPlaces(each, group, context)}`;
      const hint = keeps ? 'this file keeps the name; rename the other' : 'rename one of the two';
      return { manifest, code: 'CS030', severity: keeps ? 'warning' : 'error', place: 'metadata.name', message, hint };
    });
  });
}

interface Named {
  readonly manifest: ParsedManifest;
  readonly kind: ManifestKind;
  readonly name: string;
}

/** Whether something is in the old place that keeps the name there is judged later, for each manifest. */
function keeperOf(group: readonly Named[], ownership: Ownership): ParsedManifest | null {
  const owner = group.find(({ manifest, kind, name }) => ownership.ownerPath(kind, name) === manifest.path);
  if (owner !== undefined) return owner.manifest;
  const same = group.filter(({ manifest }) => ownership.saysTheSame(manifest));
  return same.length === 1 ? (same[0]?.manifest ?? null) : null;
}

/** `a.yaml` and `a.yml` would both write `a.status.json`. */
export function sharedStatusFiles(
  manifests: readonly ParsedManifest[],
  context: ManifestContext,
): readonly CrossProblem[] {
  const groups = groupBy(manifests, ({ path }) => path.replace(/\.ya?ml$/, ''));
  return groups.flatMap((group) =>
    group.map((manifest): CrossProblem => {
      const others = group.filter((other) => other !== manifest).map(({ path }) => displayPath(path, context));
      const message = `${others.join(' and ')} would write the same status file`;
      return {
        manifest,
        code: 'CS033',
        severity: 'error',
        place: 'metadata.name',
        message,
        hint: 'rename or delete one of the two',
      };
    }),
  );
}

/** Groups of more than one. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const keys = items.map(keyOf);
  // Nearly always there are none, and a list for each of ten thousand keys would be for nothing.
  if (new Set(keys).size === keys.length) return [];
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The first few: one copied file can have many copies. */
function otherPlaces<T extends { readonly manifest: ParsedManifest }>(
  self: T,
  group: readonly T[],
  context: ManifestContext,
): string {
  const others = group.slice(0, 4).filter((other) => other !== self);
  const shown = others.slice(0, 3).map(({ manifest }) => placeText(manifest, 'metadata.name', context));
  const hiddenCount = group.length - 1 - shown.length;
  return hiddenCount > 0 ? `${shown.join(', ')} and ${hiddenCount} more` : shown.join(' and ');
}
