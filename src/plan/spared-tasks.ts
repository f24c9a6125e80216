import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { Desired, InvalidManifest } from '../model/desired.ts';

/** What the manifests with errors mean for the active tasks: none of them is a reason to delete anything. */
export interface SparedTasks {
  /** By name: the active tasks that keep running as they are, each with the manifest that is its own. */
  readonly lastGood: ReadonlyMap<string, SparedTask>;
  /** The manifests that belong to no active task. */
  readonly others: readonly InvalidManifest[];
  /** Paths of those among them that could be anybody's, because not even a name can be read. */
  readonly unreadable: readonly string[];
}

export interface SparedTask {
  readonly task: ActiveTask;
  readonly manifest: InvalidManifest;
}

const none: SparedTasks = { lastGood: new Map(), others: [], unreadable: [] };

export function spareTasks(desired: Desired, active: ActiveSet): SparedTasks {
  if (desired.invalid.size === 0) return none;
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

  const claimed = new Set([...lastGood.values()].map(({ manifest }) => manifest));
  const others = manifests.filter((manifest) => !claimed.has(manifest));
  const unreadable = others.filter((manifest) => manifest.name === null && mayBeTask(manifest));
  return { lastGood, others, unreadable: unreadable.map(({ path }) => path) };
}

/** Credentials have names of their own: one that is called like a task says nothing about it. */
function mayBeTask({ kind }: InvalidManifest): boolean {
  return kind !== 'CloudCredential';
}
