import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
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
  follow(targets: WatchTargets): boolean;
  close(): void;
}

interface WatcherOptions {
  /** Something may have changed. */
  readonly onHint: () => void;
  /** No more hints will come, ever; called once. */
  readonly onFailure: (detail: string) => void;
}

/**
 * Hints about changes, by one inotify watch per directory and nothing else. What sees more in an event looks into the
 * directory first, and by then two directories may have changed places, so that nothing seems to have happened.
 */
export function openWatchers({ onHint, onFailure }: WatcherOptions): Watchers {
  let identityKey: string | null = null;
  let ancestors: readonly FSWatcher[] = [];
  const directories = new Map<string, FSWatcher>();
  let failed = false;

  function fail(error: unknown): void {
    if (failed) return;
    failed = true;
    onFailure(failureDetail(error));
    close();
  }

  function close(): void {
    for (const watcher of [...ancestors, ...directories.values()]) watcher.close();
    ancestors = [];
    directories.clear();
  }

  function open(directory: string, isInteresting: (name: string) => boolean): readonly FSWatcher[] {
    try {
      const watcher = watch(directory, (_event, name) => {
        if (name === null || isInteresting(name)) onHint();
      });
      watcher.on('error', fail);
      return [watcher];
    } catch (error) {
      // Gone since it was listed, which the watchers above it tell, or it may be looked through but not listed, which
      // the resync covers.
      if (!['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(errorCode(error))) fail(error);
      return [];
    }
  }

  /** Told when one of the names on the way is replaced, or the directory itself. */
  function followAncestors(targets: WatchTargets): boolean {
    if (targets.identityKey === identityKey) return false;
    for (const watcher of ancestors) watcher.close();
    identityKey = targets.identityKey;
    ancestors = [...targets.ancestors].flatMap(([directory, names]) =>
      open(directory, (name) => names.has(name) || name === basename(directory)),
    );
    return true;
  }

  function followDirectories(targets: WatchTargets): boolean {
    const wanted = new Map([...targets.directories].map(([path, key]) => [`${key} ${path}`, path]));
    for (const [key, watcher] of directories) {
      if (wanted.has(key)) continue;
      directories.delete(key);
      watcher.close();
    }
    const added = [...wanted].filter(([key]) => !directories.has(key));
    for (const [key, path] of added) for (const watcher of open(path, isManifestHint)) directories.set(key, watcher);
    return added.length > 0;
  }

  return {
    follow(targets) {
      if (failed) return false;
      const changed = [followAncestors(targets), followDirectories(targets)].includes(true);
      // A watcher that failed to open has closed those that were open then, not those opened after.
      if (failed) close();
      return changed && !failed;
    },
    close,
  };
}

/** Status files are written beside the manifests, and must not set off the next pass. */
function isManifestHint(name: string): boolean {
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
