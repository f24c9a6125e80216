import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { Desired, InvalidManifest, UnreadManifest } from '../model/desired.ts';
import { mayHold } from '../model/unread-place.ts';

/** What the manifests with errors mean for the active tasks: none of them is a reason to delete anything. */
export interface SparedTasks {
  /** By name: the active tasks that keep running as they are, each with the manifest that is its own. */
  readonly lastGood: ReadonlyMap<string, SparedTask>;
  /** By name: the active tasks whose manifest may be where nothing is read, each with that place. */
  readonly hidden: ReadonlyMap<string, HiddenTask>;
  /** The manifests that belong to no active task. */
  readonly others: readonly InvalidManifest[];
  /** Paths of those among them that could be anybody's, because not even a name can be read. */
  readonly unreadable: readonly string[];
}

export interface SparedTask {
  readonly task: ActiveTask;
  readonly manifest: InvalidManifest;
}

export interface HiddenTask {
  readonly task: ActiveTask;
  readonly unread: UnreadManifest;
}

const none: SparedTasks = { lastGood: new Map(), hidden: new Map(), others: [], unreadable: [] };

export function spareTasks(desired: Desired, active: ActiveSet): SparedTasks {
  if (desired.invalid.size + desired.unread.length === 0) return none;
  const manifests = [...desired.invalid.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  const nameByPath = new Map([...active.values()].map(({ path, name }) => [path, name]));
  const lastGood = new Map<string, SparedTask>();

  function claim(name: string | null | undefined, manifest: InvalidManifest): void {
    const task = active.get(name ?? '');
    if (task === undefined || desired.tasks.has(task.name) || lastGood.has(task.name)) return;
    lastGood.set(task.name, { task, manifest });
  }

  // The path counts first: of two manifests with one name, the one that the task came from is its own.
  for (const manifest of manifests) claim(nameByPath.get(manifest.path), manifest);
  for (const manifest of manifests.filter(mayBeTask)) claim(manifest.name, manifest);

  const hidden = new Map<string, HiddenTask>();
  for (const task of desired.unread.length === 0 ? [] : active.values()) {
    if (desired.tasks.has(task.name) || lastGood.has(task.name)) continue;
    const applied = { kind: 'CloudSyncTask', name: task.name, path: task.path } as const;
    const unread = desired.unread.find((each) => mayHold(each, applied));
    if (unread !== undefined) hidden.set(task.name, { task, unread });
  }

  const claimed = new Set([...lastGood.values()].map(({ manifest }) => manifest));
  const others = manifests.filter((manifest) => !claimed.has(manifest));
  const unreadable = others.filter((manifest) => manifest.name === null && mayBeTask(manifest));
  const holding = new Set([...hidden.values()].map(({ unread }) => unread));
  const opaque = desired.unread.filter((each) => each.isOpaque && !holding.has(each));
  return { lastGood, hidden, others, unreadable: [...unreadable, ...opaque].map(({ path }) => path) };
}

/** Credentials have names of their own: one that is called like a task says nothing about it. */
function mayBeTask({ kind }: InvalidManifest): boolean {
  return kind !== 'CloudCredential';
}
