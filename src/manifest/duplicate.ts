import type { ParsedManifest } from '../model/desired.ts';
import type { ManifestContext } from './context.ts';
import { type CrossProblem, placeText } from './cross-problem.ts';
import { displayPath } from './problem-list.ts';

/** Names are unique per kind. A task's first owner keeps the name and is only warned. */
export function duplicateNames(
  manifests: readonly ParsedManifest[],
  owners: ReadonlyMap<string, string>,
  context: ManifestContext,
): readonly CrossProblem[] {
  const named = manifests.filter(({ kind, name }) => kind !== null && name !== null);
  const groups = groupBy(named, ({ kind, name }) => `${kind} ${name}`);
  return groups.flatMap((group) =>
    group.map((manifest): CrossProblem => {
      const { kind, name, path } = manifest;
      const keeps = kind === 'CloudSyncTask' && owners.get(name ?? '') === path;
      const others = otherPlaces(manifest, group, context);
      const message = `the name "${name}" is also used in ${others}`;
      const hint = keeps ? 'this file keeps the name; rename the other' : 'rename one of the two';
      return { manifest, code: 'CS030', severity: keeps ? 'warning' : 'error', place: 'metadata.name', message, hint };
    }),
  );
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
        place: null,
        message,
        hint: 'rename or delete one of the two',
      };
    }),
  );
}

function groupBy(manifests: readonly ParsedManifest[], keyOf: (manifest: ParsedManifest) => string) {
  const groups = new Map<string, ParsedManifest[]>();
  for (const manifest of manifests) {
    const group = groups.get(keyOf(manifest));
    if (group === undefined) groups.set(keyOf(manifest), [manifest]);
    else group.push(manifest);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The first few: one copied file can have many copies. */
function otherPlaces(manifest: ParsedManifest, group: readonly ParsedManifest[], context: ManifestContext): string {
  const others = group.slice(0, 4).filter((other) => other !== manifest);
  const shown = others.slice(0, 3).map((other) => placeText(other, 'metadata.name', context));
  const hiddenCount = group.length - 1 - shown.length;
  return hiddenCount > 0 ? `${shown.join(', ')} and ${hiddenCount} more` : shown.join(' and ');
}
