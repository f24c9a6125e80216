import { noOwners } from '../model/active.ts';
import type {
  Desired,
  InvalidManifest,
  ManifestKind,
  ParsedManifest,
  ResolvedTask,
  ValidCredential,
} from '../model/desired.ts';
import { isError, type Problem } from '../model/problem.ts';
import { isSelected, type Selection } from '../model/selection.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { InForce, ManifestContext, Owners } from './context.ts';
import { type CrossProblem, compareProblems, placeCrossProblem } from './cross-problem.ts';
import { duplicateNames, sharedStatusFiles } from './duplicate.ts';
import { type InstalledBackends, installedProblems } from './installed-problem.ts';
import { createOwnership, takeoversIn } from './ownership.ts';
import { resolveTask } from './resolve-task.ts';
import { taskConflicts } from './task-conflict.ts';
import { judgeUnread } from './unread-manifest.ts';

/**
 * What the manifests say together. A name stays with the file that it was applied from. What `selection` leaves out is
 * another host's: its names and places count, and what is wrong with it does not.
 */
export function assembleDesired(input: {
  readonly snapshot: Pick<Snapshot, 'revision' | 'allowEmpty'>;
  /** Left out: there is nothing that is not read. */
  readonly unread?: Snapshot['unread'];
  readonly manifests: readonly ParsedManifest[];
  readonly active: InForce;
  /** The files that credentials were applied from; left out: none was. */
  readonly owners?: Owners['credentials'];
  /** `null`, and left out: nothing is known of the installed rclone. */
  readonly installed?: InstalledBackends | null;
  /** Whether the manifest's name belonged to another file when the directory was read last; left out: none did. */
  readonly wasRejected?: (path: string) => boolean;
  readonly context: ManifestContext;
  readonly selection: Selection;
}): Desired {
  const { snapshot, manifests, active, context, selection } = input;
  const owners: Owners = { tasks: active, credentials: input.owners ?? noOwners };
  const unread = judgeUnread(input.unread ?? [], context);
  const ownership = createOwnership({
    manifests,
    unread: unread.map(({ manifest }) => manifest),
    owners,
    context,
  });
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
  const rejected = new Set<string>();
  const rejectClaims = (kind: ManifestKind) => {
    const claims = manifests.filter((manifest) => manifest.kind === kind && isValid(manifest));
    const refusals = claims.flatMap((manifest) => ownership.refusal(manifest, (each) => !isValid(each)) ?? []);
    for (const { manifest } of refusals) rejected.add(manifest.path);
    report(refusals);
  };

  report(sharedStatusFiles(manifests, context));
  if (input.installed) report(installedProblems(manifests, input.installed, context));
  const duplicates = duplicateNames(manifests, ownership, context);
  for (const { manifest, severity } of duplicates) if (severity === 'error') rejected.add(manifest.path);
  report(duplicates);
  rejectClaims('CloudCredential');
  const credentials = validCredentials(manifests.filter(isValid));

  const resolved = manifests.filter(isValid).flatMap((manifest) => {
    const resolution = resolveTask(manifest, { credentials, manifests, active, context });
    if (resolution === null) return [];
    report(resolution.problems);
    return resolution.task === null ? [] : [{ manifest, task: resolution.task }];
  });
  // Once before, so that what cannot take a name over is in nobody's way, and once for what only then is not valid.
  rejectClaims('CloudSyncTask');
  report(
    taskConflicts(
      resolved.filter(({ manifest }) => isValid(manifest)),
      active,
      context,
    ),
  );
  rejectClaims('CloudSyncTask');

  const unselected = new Map(manifests.flatMap((each) => ofAnotherHost(each, selection)));
  const ours = manifests.filter(({ path }) => !unselected.has(path));
  const tasks = new Map(
    byName(resolved.filter(({ manifest, task }) => isValid(manifest) && !unselected.has(task.path)).map(taskOf)),
  );
  return {
    tasks,
    credentials,
    invalid: new Map(ours.filter((each) => !isValid(each)).map((each) => invalidEntry(each, problemsOf(each)))),
    unselected,
    unread: unread.map(({ manifest }) => manifest),
    takeovers: takeoversIn(tasks.values(), credentials.values(), owners, input.wasRejected ?? (() => false)),
    rejected,
    problems: [...ours.flatMap(problemsOf), ...unread.map(({ problem }) => problem)].sort(compareProblems),
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
