import type { Desired, InvalidManifest, ParsedManifest, ResolvedTask, ValidCredential } from '../model/desired.ts';
import { isError, type Problem } from '../model/problem.ts';
import { isSelected, type Selection } from '../model/selection.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { InForce, ManifestContext } from './context.ts';
import { type CrossProblem, compareProblems, placeCrossProblem } from './cross-problem.ts';
import { duplicateNames, sharedStatusFiles } from './duplicate.ts';
import { resolveTask } from './resolve-task.ts';
import { taskConflicts } from './task-conflict.ts';

/**
 * What the manifests say together. Of two files with one name, the one goes on that the active task came from. What
 * `selection` leaves out is another host's: its names and places count, and what is wrong with it does not.
 */
export function assembleDesired(input: {
  readonly snapshot: Pick<Snapshot, 'revision' | 'allowEmpty'>;
  readonly manifests: readonly ParsedManifest[];
  readonly active: InForce;
  readonly context: ManifestContext;
  readonly selection: Selection;
}): Desired {
  const { snapshot, manifests, active, context, selection } = input;
  // Of ten thousand manifests hardly any has a problem.
  const found = new Map(manifests.filter(hasProblems).map(({ path, problems }) => [path, problems]));
  const faulty = new Set([...found].flatMap(([path, problems]) => (problems.some(isError) ? [path] : [])));
  const problemsOf = ({ path }: ParsedManifest) => found.get(path) ?? nothing;
  const report = (crossProblems: readonly CrossProblem[]) => {
    for (const each of crossProblems) {
      const problem = placeCrossProblem(each, context);
      found.set(each.manifest.path, [...problemsOf(each.manifest), problem]);
      if (isError(problem)) faulty.add(each.manifest.path);
    }
  };
  const isValid = ({ path }: ParsedManifest) => !faulty.has(path);

  report(sharedStatusFiles(manifests, context));
  report(duplicateNames(manifests, active, context));
  const credentials = validCredentials(manifests.filter(isValid));

  const resolved = manifests.filter(isValid).flatMap((manifest) => {
    const resolution = resolveTask(manifest, { credentials, manifests, active, context });
    if (resolution === null) return [];
    report(resolution.problems);
    return resolution.task === null ? [] : [{ manifest, task: resolution.task }];
  });
  report(taskConflicts(resolved, active, context));

  const unselected = new Map(manifests.flatMap((each) => ofAnotherHost(each, selection)));
  const ours = manifests.filter(({ path }) => !unselected.has(path));
  return {
    tasks: new Map(
      byName(resolved.filter(({ manifest, task }) => isValid(manifest) && !unselected.has(task.path)).map(taskOf)),
    ),
    credentials,
    invalid: new Map(ours.filter((each) => !isValid(each)).map((each) => invalidEntry(each, problemsOf(each)))),
    unselected,
    problems: ours.flatMap(problemsOf).sort(compareProblems),
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
  if (kind !== 'CloudSyncTask' || name === null || labels === null) return nothing;
  return isSelected(selection, { name, labels }) ? nothing : [[path, name]];
}

/** One for all of them. */
const nothing: readonly never[] = [];

function hasProblems({ problems }: ParsedManifest): boolean {
  return problems.length > 0;
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

function invalidEntry(
  { path, kind, name }: ParsedManifest,
  problems: readonly Problem[],
): readonly [string, InvalidManifest] {
  return [path, { path, kind, name, problems: [...problems].sort(compareProblems) }];
}
