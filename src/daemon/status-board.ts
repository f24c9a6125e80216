import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { CheckRecord } from '../model/check.ts';
import type { Clock } from '../model/clock.ts';
import type { Desired } from '../model/desired.ts';
import type { TaskHistory } from '../model/history.ts';
import type { ActiveRun } from '../model/run.ts';
import type { CredentialStatus, StatusFile, TaskStatus } from '../model/status.ts';
import type { Verification } from '../model/verification.ts';
import { credentialStatus } from '../status/credential-status.ts';
import type { StatusStore } from '../status/store.ts';
import { taskIsOverdue } from '../status/task-conditions.ts';
import type { TaskFacts } from '../status/task-facts.ts';
import { taskStatus } from '../status/task-status.ts';
import { type Entry, entriesOf } from './manifest-entries.ts';
import { createWorkQueue } from './work-queue.ts';

/** Where the board looks up what is true at the moment. */
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

/** Keeps a status file beside each manifest true; one that cannot be written is tried again. */
export interface StatusBoard {
  /** Takes note of which manifests there are and what they say. */
  know(desired: Desired, directory: string, refused: Refused): void;
  /**
   * Writes every status that may say something else by now, and removes those of vanished manifests. With `lookAtFiles`
   * also those that somebody else has changed or removed.
   */
  refreshAll(lookAtFiles: boolean): void;
  /** Something happened to one task. */
  refresh(task: string): void;
  /** Something was found out about a credential. */
  refreshCredential(name: string): void;
  /** Every status as it is now, whether or not it could be written; sorted by path. */
  files(): Promise<readonly StatusFile[]>;
  /** Of each task that is applied, by name, as far as it can be told without looking at files. */
  tasks(): ReadonlyMap<string, TaskStatus>;
  /** Resolves when everything asked for so far is on disk, or cannot be written for now. */
  settled(): Promise<void>;
  /** The same, and then nothing is tried again. */
  close(): Promise<void>;
}

/** Why a guard holds back the change of a task, in words, by its name. */
export type Refused = ReadonlyMap<string, string>;

interface BoardOptions {
  /** Whether what the manifests say is applied without anybody asking. */
  readonly automatic: boolean;
  readonly store: StatusStore;
  readonly facts: Facts;
  readonly writerVersion: string;
  readonly clock: Clock;
  readonly onWriteError: (path: string, detail: string) => void;
}

/** Writing one is waiting for the disk more than anything else. */
const writtenAtOnce = 8;
/** Stands for the removal of what vanished manifests have left; no manifest has this path. */
const sweep = '';

export function createStatusBoard(options: BoardOptions): StatusBoard {
  const { automatic, store, facts, writerVersion, clock, onWriteError } = options;
  let entries = new Map<string, Entry>();
  /** Whether anything is known of the manifests. */
  let isKnown = false;
  let revision: string | null = null;
  /** Those of a daemon before this one are to go too. */
  let isSweepDue = true;
  let refusals: Refused = new Map();
  /** What could not be written, told once. */
  const failing = new Map<string, string>();
  /** What each status in place was made from. */
  const shown = new Map<string, readonly unknown[]>();
  const queue = createWorkQueue({ atOnce: writtenAtOnce, clock, work });

  async function work(path: string): Promise<'done' | 'failed'> {
    if (path !== sweep) return writeStatus(path);
    await store.sweep((manifest) => entries.has(manifest));
    return 'done';
  }

  async function writeStatus(path: string): Promise<'done' | 'failed'> {
    // Until it is written, nobody knows what the file says.
    shown.delete(path);
    const entry = entries.get(path);
    if (entry === undefined) return 'done';
    const before = await store.read(path);
    const grounds = groundsOf(path, entry);
    const written = await store.write(path, fileFrom(path, entry, before));
    const detail = written.ok ? null : written.error;
    if (written.ok) shown.set(path, grounds);
    if (detail !== null && failing.get(path) !== detail) onWriteError(store.statusPath(path), detail);
    if (detail === null) failing.delete(path);
    else failing.set(path, detail);
    return detail === null ? 'done' : 'failed';
  }

  /** Equal ones give equal statuses, but for the time at which something came to be so. */
  function groundsOf(path: string, entry: Entry): readonly unknown[] {
    const { name, kind, specHash } = entry;
    const problems = entry.problems.length === 0 ? '' : JSON.stringify(entry.problems);
    const about = [name, kind, specHash, problems];
    if (kind === 'CloudCredentialStatus') return [...about, name === null ? null : facts.verification(name)];
    const known = factsOf(activeOf(path, entry), entry);
    const { active, history, nextRun, activeRun, check, blocked } = known;
    return [...about, active, history, nextRun, activeRun, check, blocked, taskIsOverdue(known, facts.now())];
  }

  function fileFrom(path: string, entry: Entry, file: StatusFile | null): StatusFile {
    const before = file?.status ?? null;
    const previous = before === null || 'schedule' in before ? { task: before } : { credential: before };
    return {
      apiVersion: 'cloudsync/v1',
      kind: entry.kind,
      metadata: { name: entry.name, manifest: path },
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
      ...{ problems, blocked: refusals.get(entry.name ?? '') ?? null, automatic, writerVersion },
    };
  }

  /** A name that another manifest holds is not this one's, and neither are its runs. */
  function activeOf(path: string, { name }: Entry): ActiveTask | null {
    const byName = name === null ? undefined : facts.active().get(name);
    if (byName !== undefined && (byName.path === path || !entries.has(byName.path))) return byName;
    return tasksByPath(facts.active()).get(path) ?? null;
  }

  /** What its manifest says; where that is gone, nothing, and where nothing is known yet, what is applied. */
  function entryOf({ name, path, specHash }: ActiveTask): Entry {
    const own = entries.get(path);
    if (own !== undefined && (own.name === null || own.name === name)) return own;
    return { name, kind: 'CloudSyncTaskStatus', specHash: isKnown ? null : specHash, problems: [] };
  }

  function pathOf(task: string): string | undefined {
    return [...entries].find(([, { name, specHash }]) => name === task && specHash !== null)?.[0];
  }

  return {
    know(desired, directory, refused) {
      refusals = refused;
      isKnown = true;
      const before = entries;
      entries = entriesOf(desired, directory);
      for (const path of before.keys()) {
        if (entries.has(path)) continue;
        shown.delete(path);
        isSweepDue = true;
      }
      revision = desired.revision;
    },
    refreshAll(lookAtFiles) {
      for (const [path, entry] of entries) {
        const isShown = areSame(shown.get(path), groundsOf(path, entry));
        if (!isShown || (lookAtFiles && !store.isAsLeft(path))) queue.add(path);
      }
      if (lookAtFiles || isSweepDue) queue.add(sweep);
      isSweepDue = false;
    },
    refresh(task) {
      const path = facts.active().get(task)?.path ?? pathOf(task);
      if (path !== undefined) queue.add(path);
    },
    refreshCredential(name) {
      const isIts = (entry: Entry) => entry.kind === 'CloudCredentialStatus' && entry.name === name;
      for (const [path, entry] of entries) if (isIts(entry)) queue.add(path);
    },
    tasks: () =>
      new Map(
        [...facts.active()].map(([name, task]) => [name, taskStatus(factsOf(task, entryOf(task)), null, facts.now())]),
      ),
    settled: queue.settled,
    async close() {
      await queue.settled();
      queue.close();
    },
    files() {
      const gone = [...facts.active().values()].filter(({ path }) => !entries.has(path));
      const all = [...entries, ...gone.map((task) => [task.path, entryOf(task)] as const)];
      const sorted = all.sort(([left], [right]) => (left < right ? -1 : 1));
      return Promise.all(sorted.map(async ([path, entry]) => fileFrom(path, entry, await store.read(path))));
    },
  };
}

/** For the manifests that do not even have a name. */
const pathIndexes = new WeakMap<ActiveSet, ReadonlyMap<string, ActiveTask>>();

function tasksByPath(active: ActiveSet): ReadonlyMap<string, ActiveTask> {
  const index = pathIndexes.get(active) ?? new Map([...active.values()].map((task) => [task.path, task]));
  pathIndexes.set(active, index);
  return index;
}

function areSame(left: readonly unknown[] | undefined, right: readonly unknown[]): boolean {
  return left?.length === right.length && left.every((part, index) => part === right[index]);
}
