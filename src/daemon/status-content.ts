import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { CheckRecord } from '../model/check.ts';
import type { TaskHistory } from '../model/history.ts';
import type { ActiveRun } from '../model/run.ts';
import type { CredentialStatus, StatusFile, TaskStatus } from '../model/status.ts';
import type { Verification } from '../model/verification.ts';
import { credentialStatus } from '../status/credential-status.ts';
import { taskIsOverdue } from '../status/task-conditions.ts';
import type { TaskFacts } from '../status/task-facts.ts';
import { taskStatus } from '../status/task-status.ts';
import type { Entry } from './manifest-entries.ts';

/** Looks up what is true at the moment. */
export interface Facts {
  active(): ActiveSet;
  history(task: string): TaskHistory;
  activeRun(task: string): ActiveRun | null;
  nextRun(task: string): number | null;
  dueSinceSuccess(task: ActiveTask): number | null;
  check(task: string): CheckRecord | null;
  verification(credential: string): Verification | null;
  now(): number;
}

/** What a plan leaves as it is although the manifests say otherwise. */
export type HeldTasks = Pick<KnownManifests, 'refusals' | 'kept'>;

/** Why a guard holds back the change of a task, in words, by its name. */
export type Refused = ReadonlyMap<string, string>;

/** What is known of the manifests. */
export interface KnownManifests {
  /** By path. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly revision: string | null;
  readonly refusals: Refused;
  /** Why a task goes on without its manifest, as it is meant to, in words, by its name. */
  readonly kept: ReadonlyMap<string, string>;
}

/** What the status of each manifest says, as long as what is known of the manifests stays the same. */
export interface StatusContent {
  /** Equal ones give equal statuses, but for the time at which something came to be so. */
  groundsOf(path: string, entry: Entry): readonly unknown[];
  /** `before`: what the file says so far. */
  fileFrom(path: string, entry: Entry, before: StatusFile | null): StatusFile;
  /** What a task's manifest says; where that is gone, nothing, and where nothing is known yet, what is applied. */
  entryOf(task: ActiveTask): Entry;
  /** The tasks that are applied and that no manifest is about any more. */
  withoutManifest(): readonly ActiveTask[];
  /** Of each task that is applied, by name, as far as it can be told without looking at files. */
  tasks(): ReadonlyMap<string, TaskStatus>;
}

interface ContentOptions {
  /** Whether what the manifests say is applied without anybody asking. */
  readonly automatic: boolean;
  readonly facts: Facts;
  readonly writerVersion: string;
}

/** `known`: `null` before the first reading. */
export function createStatusContent(
  { automatic, facts, writerVersion }: ContentOptions,
  known: KnownManifests | null,
): StatusContent {
  const { entries, revision, refusals, kept } = known ?? nothing;
  const validNames = new Set([...entries.values()].flatMap(({ name, specHash }) => (specHash === null ? [] : [name])));

  function groundsOf(path: string, entry: Entry): readonly unknown[] {
    const { name, kind, specHash } = entry;
    const problems = entry.problems.length === 0 ? '' : JSON.stringify(entry.problems);
    const about = [name, kind, specHash, problems];
    if (kind === 'CloudCredentialStatus') return [...about, name === null ? null : facts.verification(name)];
    const its = factsOf(activeOf(path, entry), entry);
    const { active, history, nextRun, activeRun, check, blocked } = its;
    return [...about, active, history, nextRun, activeRun, check, blocked, taskIsOverdue(its, facts.now())];
  }

  function fileFrom(path: string, entry: Entry, file: StatusFile | null): StatusFile {
    const before = file?.status ?? null;
    const previous = before === null || 'schedule' in before ? { task: before } : { credential: before };
    return {
      apiVersion: 'cloudsync/v1',
      kind: entry.kind,
      metadata: { name: nameOf(path, entry), manifest: path },
      status:
        entry.kind === 'CloudCredentialStatus'
          ? ofCredential(entry, previous.credential ?? null)
          : taskStatus(factsOf(activeOf(path, entry), entry), previous.task ?? null, facts.now()),
    };
  }

  function ofCredential({ name, problems }: Entry, previous: CredentialStatus | null): CredentialStatus {
    const verification = name === null ? null : facts.verification(name);
    return credentialStatus({ problems, verification, writerVersion }, previous, facts.now());
  }

  function factsOf(active: ActiveTask | null, entry: Entry): TaskFacts {
    const { specHash, problems } = entry;
    // A valid task that was never applied can have been run by hand all the same.
    const name = active?.name ?? (specHash === null ? null : entry.name);
    return {
      observed: specHash === null ? null : { specHash, revision },
      active,
      history: facts.history(name ?? ''),
      nextRun: active === null ? null : facts.nextRun(active.name),
      dueSinceSuccess: active === null ? null : facts.dueSinceSuccess(active),
      activeRun: name === null ? null : facts.activeRun(name),
      check: name === null ? null : facts.check(name),
      ...{ problems, blocked: refusals.get(entry.name ?? '') ?? null, kept: kept.get(entry.name ?? '') ?? null },
      ...{ automatic, writerVersion },
    };
  }

  /** What goes on as it was applied last goes by its name, whatever has become of that in the manifest. */
  function nameOf(path: string, entry: Entry): string | null {
    if (entry.kind === 'CloudCredentialStatus' || entry.specHash !== null) return entry.name;
    return activeOf(path, entry)?.name ?? entry.name;
  }

  /**
   * A valid manifest is about the task of its name. Of one that is not valid the name may be another's, or not be there;
   * then it is about the task that came from it, unless that has a valid manifest elsewhere.
   */
  function activeOf(path: string, { name, specHash }: Entry): ActiveTask | null {
    const byName = name === null ? undefined : facts.active().get(name);
    if (specHash !== null) return byName ?? null;
    if (byName !== undefined && (byName.path === path || !entries.has(byName.path))) return byName;
    const byPath = tasksByPath(facts.active()).get(path);
    return byPath === undefined || validNames.has(byPath.name) ? null : byPath;
  }

  function entryOf({ name, path, specHash }: ActiveTask): Entry {
    const own = entries.get(path);
    if (own !== undefined && own.kind !== 'CloudCredentialStatus' && activeOf(path, own)?.name === name) return own;
    return { name, kind: 'CloudSyncTaskStatus', specHash: known === null ? specHash : null, problems: [] };
  }

  return {
    groundsOf,
    fileFrom,
    entryOf,
    withoutManifest() {
      const isOfTask = ([, { kind }]: readonly [string, Entry]) => kind !== 'CloudCredentialStatus';
      const told = new Set([...entries].filter(isOfTask).map(([path, entry]) => activeOf(path, entry)?.name));
      return [...facts.active().values()].filter(({ name }) => !told.has(name));
    },
    tasks: () =>
      new Map(
        [...facts.active()].map(([name, task]) => [name, taskStatus(factsOf(task, entryOf(task)), null, facts.now())]),
      ),
  };
}

const nothing: KnownManifests = { entries: new Map(), revision: null, refusals: new Map(), kept: new Map() };

/** For the manifests that do not even have a name. */
const pathIndexes = new WeakMap<ActiveSet, ReadonlyMap<string, ActiveTask>>();

function tasksByPath(active: ActiveSet): ReadonlyMap<string, ActiveTask> {
  const index = pathIndexes.get(active) ?? new Map([...active.values()].map((task) => [task.path, task]));
  pathIndexes.set(active, index);
  return index;
}
