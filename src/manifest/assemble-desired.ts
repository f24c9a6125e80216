import type { Desired, InvalidManifest, ParsedManifest, ResolvedTask, ValidCredential } from '../model/desired.ts';
import { isError, type Problem } from '../model/problem.ts';
import { isSelected, type Selection } from '../model/selection.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ManifestContext } from './context.ts';
import { type CrossProblem, compareProblems, placeCrossProblem } from './cross-problem.ts';
import { duplicateNames, sharedStatusFiles } from './duplicate.ts';
import { resolveTask } from './resolve-task.ts';
import { taskConflicts } from './task-conflict.ts';

/**
 * What the manifests say together. `owners` gives, for each task of the active set, the manifest that it came from: of
 * two files with one name, that one goes on. What `selection` leaves out is another host's: its names and places count,
 * and what is wrong with it does not.
 */
export function assembleDesired(input: {
  readonly snapshot: Pick<Snapshot, 'revision' | 'allowEmpty'>;
  readonly manifests: readonly ParsedManifest[];
  readonly owners: ReadonlyMap<string, string>;
  readonly context: ManifestContext;
  readonly selection: Selection;
}): Desired {
  const { snapshot, manifests, owners, context, selection } = input;
  const states = manifests.map((manifest) => ({ manifest, problems: [...manifest.problems] }));
  const stateOf = new Map(states.map((state) => [state.manifest.path, state]));
  const report = (found: readonly CrossProblem[]) => {
    for (const each of found) stateOf.get(each.manifest.path)?.problems.push(placeCrossProblem(each, context));
  };
  const isValid = ({ path }: ParsedManifest) => stateOf.get(path)?.problems.some(isError) === false;

  report(sharedStatusFiles(manifests, context));
  report(duplicateNames(manifests, owners, context));
  const credentials = validCredentials(manifests.filter(isValid));

  const resolved = manifests.filter(isValid).flatMap((manifest) => {
    const resolution = resolveTask(manifest, credentials, manifests, context);
    if (resolution === null) return [];
    report(resolution.problems);
    return resolution.task === null ? [] : [{ manifest, task: resolution.task }];
  });
  report(taskConflicts(resolved, owners, context));

  const unselected = new Map(manifests.flatMap((each) => ofAnotherHost(each, selection)));
  const ours = states.filter(({ manifest }) => !unselected.has(manifest.path));
  return {
    tasks: new Map(
      byName(resolved.filter(({ manifest, task }) => isValid(manifest) && !unselected.has(task.path)).map(taskOf)),
    ),
    credentials,
    invalid: new Map(ours.filter(({ manifest }) => !isValid(manifest)).map(invalidEntry)),
    unselected,
    problems: ours.flatMap(({ problems }) => problems).sort(compareProblems),
    revision: snapshot.revision,
    files: manifests.length,
    allowEmpty: snapshot.allowEmpty,
  };
}

/** Path and name, where another host takes care of it. Where name or labels cannot be read, it may be ours. */
function ofAnotherHost(
  { path, kind, name, labels }: ParsedManifest,
  selection: Selection,
): readonly (readonly [string, string])[] {
  if (kind !== 'CloudSyncTask' || name === null || labels === null) return [];
  return isSelected(selection, { name, labels }) ? [] : [[path, name]];
}

function taskOf({ task }: { readonly task: ResolvedTask }): ResolvedTask {
  return task;
}

function validCredentials(manifests: readonly ParsedManifest[]): ReadonlyMap<string, ValidCredential> {
  const found = manifests.flatMap(({ credential, path }) => (credential === null ? [] : [{ credential, path }]));
  return new Map(found.map((each) => [each.credential.name, each]));
}

function byName(tasks: readonly ResolvedTask[]): readonly (readonly [string, ResolvedTask])[] {
  return tasks.map((task) => [task.name, task] as const).sort(([left], [right]) => (left < right ? -1 : 1));
}

function invalidEntry(state: {
  readonly manifest: ParsedManifest;
  readonly problems: readonly Problem[];
}): readonly [string, InvalidManifest] {
  const { path, kind, name } = state.manifest;
  return [path, { path, kind, name, problems: [...state.problems].sort(compareProblems) }];
}
