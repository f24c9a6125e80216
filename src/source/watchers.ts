import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { errorCode, systemWords } from '../model/system-error.ts';

/** What is to be watched for the tasks directory to be seen, from `Identity` and `directoriesOf`. */
export interface WatchTargets {
  readonly identityKey: string;
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
  /** Absolute path to inode key. */
  readonly directories: ReadonlyMap<string, string>;
}

export interface Watchers {
  /** Makes the watchers fit. Gives true when one was added, so that what happened just before may have been missed. */
  follow(targets: WatchTargets): Promise<boolean>;
  close(): Promise<void>;
}

interface WatcherOptions {
  /** Something may have changed. */
  readonly onHint: () => void;
  /** No more hints will come, ever; called once. */
  readonly onFailure: (detail: string) => void;
}

interface Closable {
  close(): void | Promise<void>;
}

/**
 * Hints about changes, one inotify watch per directory. chokidar watches the way to the tasks directory, where links
 * and directories are swapped. It is not used for the manifests: it lists and stats a whole directory at each event,
 * 0.15 s of processor time and 24 MB for 10,000 files, only to tell what a scan finds out anyway.
 */
export function openWatchers({ onHint, onFailure }: WatcherOptions): Watchers {
  let identityKey: string | null = null;
  let ancestors: readonly Closable[] = [];
  const directories = new Map<string, Closable>();
  let failed = false;

  async function fail(error: unknown): Promise<void> {
    if (failed) return;
    failed = true;
    onFailure(failureDetail(error));
    await close();
  }

  async function close(): Promise<void> {
    const open = [...ancestors, ...directories.values()];
    ancestors = [];
    directories.clear();
    await Promise.all(open.map((watcher) => watcher.close()));
  }

  async function followAncestors(targets: WatchTargets): Promise<boolean> {
    if (targets.identityKey === identityKey) return false;
    const old = ancestors;
    identityKey = targets.identityKey;
    ancestors = await Promise.all(
      [...targets.ancestors].map(([directory, names]) => watchAncestor(directory, names, onHint, fail)),
    );
    await Promise.all(old.map((watcher) => watcher.close()));
    return true;
  }

  async function followDirectories(targets: WatchTargets): Promise<boolean> {
    const wanted = new Map([...targets.directories].map(([path, key]) => [`${key} ${path}`, path]));
    for (const [key, watcher] of directories) {
      if (wanted.has(key)) continue;
      directories.delete(key);
      await watcher.close();
    }
    const added = [...wanted].filter(([key]) => !directories.has(key));
    for (const [key, path] of added) {
      const watcher = watchDirectory(path, onHint, fail);
      if (watcher !== null) directories.set(key, watcher);
    }
    return added.length > 0;
  }

  return {
    async follow(targets) {
      if (failed) return false;
      const changed = [await followAncestors(targets), await followDirectories(targets)].includes(true);
      // A watcher that failed to open has closed those that were open then, not those opened after.
      if (failed) await close();
      return changed && !failed;
    },
    close,
  };
}

/** Tells when one of the names in a directory is replaced. */
async function watchAncestor(
  directory: string,
  names: ReadonlySet<string>,
  onHint: () => void,
  onFailure: (error: unknown) => Promise<void>,
): Promise<Closable> {
  const { watch: watchPaths } = await import('chokidar');
  const wanted = new Set([directory, ...[...names].map((name) => join(directory, name))]);
  const watcher = watchPaths(directory, {
    depth: 0,
    followSymlinks: false,
    ignoreInitial: true,
    // Looking through a directory needs less permission than listing it; the resync covers that.
    ignorePermissionErrors: true,
    ignored: (path) => !wanted.has(path),
  });
  watcher.on('error', (error) => {
    if (isExhausted(error)) void onFailure(error);
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  // Only now: at `/` it begins by telling that `/` was removed.
  watcher.on('all', onHint);
  return watcher;
}

function watchDirectory(
  directory: string,
  onHint: () => void,
  onFailure: (error: unknown) => Promise<void>,
): FSWatcher | null {
  try {
    const watcher = watch(directory, (_event, name) => {
      if (name === null || isInteresting(name)) onHint();
    });
    watcher.on('error', (error) => void onFailure(error));
    return watcher;
  } catch (error) {
    // Gone since it was listed; the watchers above it tell.
    if (errorCode(error) !== 'ENOENT') void onFailure(error);
    return null;
  }
}

/** Status files are written beside the manifests, and must not set off the next pass. */
function isInteresting(name: string): boolean {
  if (name.startsWith('.')) return name.startsWith('..') || name === '.allow-empty';
  return !name.endsWith('.status.json') && !name.endsWith('.tmp');
}

function isExhausted(error: unknown): boolean {
  return ['ENOSPC', 'EMFILE', 'ENFILE'].includes(errorCode(error));
}

function failureDetail(error: unknown): string {
  const advice = isExhausted(error)
    ? ' Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances, then restart.'
    : '';
  return `Changes cannot be watched (${systemWords(error)}), so the directory is read every 5 seconds.${advice}`;
}
