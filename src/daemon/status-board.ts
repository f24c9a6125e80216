import type { Clock } from '../model/clock.ts';
import type { Desired } from '../model/desired.ts';
import type { StatusFile, TaskStatus } from '../model/status.ts';
import type { StatusStore } from '../status/store.ts';
import { type Entry, entriesOf } from './manifest-entries.ts';
import { createStatusContent, type Facts, type HeldTasks } from './status-content.ts';
import { createWorkQueue } from './work-queue.ts';

/** Keeps a status file beside each manifest true; one that cannot be written is tried again. */
export interface StatusBoard {
  /** Takes note of which manifests there are and what they say. */
  know(desired: Desired, directory: string, held: HeldTasks): void;
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
  const { store, facts, clock, onWriteError } = options;
  let entries: ReadonlyMap<string, Entry> = new Map();
  let content = createStatusContent(options, null);
  /** Those of a daemon before this one are to go too. */
  let isSweepDue = true;
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
    const grounds = content.groundsOf(path, entry);
    const written = await store.write(path, content.fileFrom(path, entry, before));
    const detail = written.ok ? null : written.error;
    if (written.ok) shown.set(path, grounds);
    if (detail !== null && failing.get(path) !== detail) onWriteError(store.statusPath(path), detail);
    if (detail === null) failing.delete(path);
    else failing.set(path, detail);
    return detail === null ? 'done' : 'failed';
  }

  function pathOf(task: string): string | undefined {
    return [...entries].find(([, { name, specHash }]) => name === task && specHash !== null)?.[0];
  }

  return {
    know(desired, directory, held) {
      const before = entries;
      entries = entriesOf(desired, directory);
      for (const path of before.keys()) {
        if (entries.has(path)) continue;
        shown.delete(path);
        isSweepDue = true;
      }
      content = createStatusContent(options, { entries, revision: desired.revision, ...held });
    },
    refreshAll(lookAtFiles) {
      for (const [path, entry] of entries) {
        const isShown = areSame(shown.get(path), content.groundsOf(path, entry));
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
    tasks: () => content.tasks(),
    settled: queue.settled,
    async close() {
      await queue.settled();
      queue.close();
    },
    files() {
      const gone = content.withoutManifest().map((task) => [task.path, content.entryOf(task)] as const);
      const sorted = [...entries, ...gone].sort(([left], [right]) => (left < right ? -1 : 1));
      return Promise.all(
        sorted.map(async ([path, entry]) => {
          // The file of a manifest that another task has now is about that one.
          const before = (entries.get(path) ?? entry) === entry ? await store.read(path) : null;
          return content.fileFrom(path, entry, before);
        }),
      );
    },
  };
}

function areSame(left: readonly unknown[] | undefined, right: readonly unknown[]): boolean {
  return left?.length === right.length && left.every((part, index) => part === right[index]);
}
