import { lstatSync, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, readFile, realpath, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import type { StatusFile } from '../model/status.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { parseStatusFile } from './status-file.ts';
import { findStatusFiles, findUnfinishedFiles } from './status-files.ts';
import { statusFingerprint } from './status-fingerprint.ts';
import { statusPath } from './status-path.ts';

export interface StatusStore {
  /** Where the status of a manifest lies, absolute. */
  statusPath(manifestPath: string): string;
  /** `null` when there is none, or none that can be used. */
  read(manifestPath: string): Promise<StatusFile | null>;
  /** Whether the file is there as this store has written or read it last. */
  isAsLeft(manifestPath: string): boolean;
  /** Touches the disk only where the file there does not say the same already. */
  write(manifestPath: string, file: StatusFile): Promise<Result<'written' | 'unchanged', string>>;
  remove(manifestPath: string): Promise<Result<void, string>>;
  /** Removes status files whose manifest is gone; gives their paths, relative and sorted. */
  sweep(isThere: (manifestPath: string) => boolean): Promise<readonly string[]>;
}

export interface StatusStoreOptions {
  /** Absolute: the tasks directory, or one that mirrors it. */
  readonly directory: string;
  /**
   * Whether missing folders are made, as in a directory that mirrors the tasks directory. In the tasks directory itself
   * a missing folder is gone: made anew, it would look as if its manifests had been removed.
   */
  readonly makesFolders: boolean;
  /** Replaces the file in one step. */
  readonly writeFile: (path: string, text: string) => Promise<Result<void, string>>;
}

/** What was last seen at a path: while the file is the same, it need not be read again. */
interface Seen {
  readonly identity: string;
  readonly fingerprint: string;
}

/** Everyone may read a status, whatever the umask of the daemon: monitoring does. */
const mode = 0o644;

export function createStatusStore({ directory, makesFolders, writeFile }: StatusStoreOptions): StatusStore {
  const seen = new Map<string, Seen>();
  let cleared: Promise<void> | null = null;

  function pathOf(manifestPath: string): string {
    return join(directory, statusPath(manifestPath));
  }

  async function read(manifestPath: string): Promise<StatusFile | null> {
    const path = pathOf(manifestPath);
    const stats = await lstat(path).catch(() => null);
    return stats?.isFile() === true ? readStatus(path) : null;
  }

  async function write(manifestPath: string, file: StatusFile): Promise<Result<'written' | 'unchanged', string>> {
    const path = pathOf(manifestPath);
    const fingerprint = statusFingerprint(file);
    await clearOnce();
    try {
      const stats = await lstatIfPresent(path);
      if (stats !== null && !stats.isFile()) return err(`${path} is not a regular file; remove it`);
      if (stats !== null && (await fingerprintAt(path, stats)) === fingerprint) return ok('unchanged');

      const isFolderThere = (await lstatIfPresent(dirname(path))) !== null;
      // The manifest has gone with its folder, and so has its status.
      if (!isFolderThere && !makesFolders) return ok('unchanged');
      if (!isFolderThere) await mkdir(directory, { recursive: true });
      if (!(await isInside(dirname(path)))) return err(`${dirname(path)} is a link to outside of ${directory}`);
      if (!isFolderThere) await mkdir(dirname(path), { recursive: true });
      const written = await writeFile(path, `${JSON.stringify(file, null, 2)}\n`);
      if (!written.ok) return written;
      await remember(path, fingerprint);
      return ok('written');
    } catch (error) {
      return err(`Cannot write ${path}: ${systemWords(error)}`);
    }
  }

  /** Synchronous: asked of thousands, each of which would cost several times as much through the thread pool. */
  function isAsLeft(manifestPath: string): boolean {
    const path = pathOf(manifestPath);
    try {
      return seen.get(path)?.identity === identityOf(lstatSync(path));
    } catch {
      return false;
    }
  }

  async function fingerprintAt(path: string, stats: Stats): Promise<string | null> {
    const known = seen.get(path);
    if (known?.identity === identityOf(stats)) return known.fingerprint;
    const status = await readStatus(path);
    if (status === null) return null;
    const fingerprint = statusFingerprint(status);
    seen.set(path, { identity: identityOf(stats), fingerprint });
    return fingerprint;
  }

  async function remember(path: string, fingerprint: string): Promise<void> {
    const stats = await lstat(path);
    if ((stats.mode & 0o777) !== mode) await chmod(path, mode);
    seen.set(path, { identity: identityOf(stats), fingerprint });
  }

  /** A folder that is a link could lead a daemon that runs as root to write anywhere. */
  async function isInside(folder: string): Promise<boolean> {
    const [root, real] = await Promise.all([realpath(directory), realpathOfExisting(folder)]);
    return real === root || real.startsWith(root + sep);
  }

  async function remove(manifestPath: string): Promise<Result<void, string>> {
    const path = pathOf(manifestPath);
    try {
      if ((await read(manifestPath)) !== null && (await isInside(dirname(path)))) await unlink(path);
      seen.delete(path);
      return ok(undefined);
    } catch (error) {
      return err(`Cannot remove ${path}: ${systemWords(error)}`);
    }
  }

  async function sweep(isThere: (manifestPath: string) => boolean): Promise<readonly string[]> {
    await clearOnce();
    // Asked again right before the removal: a manifest may have come meanwhile.
    const isWanted = (status: string) => {
      const stem = status.replace(/\.status\.json$/, '');
      return isThere(`${stem}.yaml`) || isThere(`${stem}.yml`);
    };
    const removed: string[] = [];
    for (const relative of await findStatusFiles(directory)) {
      const path = join(directory, relative);
      if (isWanted(relative) || (await readStatus(path)) === null || isWanted(relative)) continue;
      // One that cannot be removed now is found again by the next sweep.
      if (
        await unlink(path).then(
          () => true,
          () => false,
        )
      )
        removed.push(relative);
      seen.delete(path);
    }
    return removed;
  }

  /** Before the first write, whose own unfinished file would look the same. */
  function clearOnce(): Promise<void> {
    cleared ??= clear();
    return cleared;
  }

  async function clear(): Promise<void> {
    for (const path of await findUnfinishedFiles(directory)) await unlink(join(directory, path)).catch(() => undefined);
  }

  return { statusPath: pathOf, read, isAsLeft, write, remove, sweep };
}

async function readStatus(path: string): Promise<StatusFile | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : parseStatusFile(text);
}

async function lstatIfPresent(path: string): Promise<Stats | null> {
  return lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
}

/** Of the folder, or of the nearest one above it that is there. */
async function realpathOfExisting(folder: string): Promise<string> {
  return realpath(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return realpathOfExisting(dirname(folder));
    throw error;
  });
}

function identityOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}
