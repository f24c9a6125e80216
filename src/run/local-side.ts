import type { Stats } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { isSnapshotFolder } from '../model/snapshot-folder.ts';
import { errorCode } from '../model/system-error.ts';
import type { TaskSpec } from '../model/task.ts';

/** The local side of a task as it is now. */
export interface LocalSide {
  /** What rclone is given: a directory. */
  readonly root: string;
  /** Names in the root that are synced, and nothing else is; `null`: all of it. */
  readonly selection: readonly string[] | null;
  /** Paths of the task that are not there. */
  readonly missing: readonly string[];
  /** Paths of the task that rclone leaves out: symbolic links below its root, which it is not to follow. */
  readonly leftOut: readonly string[];
  /** Directories of the task that hold nothing, relative to the root; the root itself is `''`. */
  readonly empty: readonly string[];
  /** Path of the marker that must be there and is not; `null`: it is there, or none is asked for. */
  readonly absentMarker: string | null;
}

/** One directory is synced as it is; a file, or a list of paths with one parent, as a selection of that parent. */
export async function readLocalSide(
  spec: Pick<TaskSpec, 'paths' | 'direction' | 'followSymlinks' | 'safety'>,
): Promise<Result<LocalSide, string>> {
  const side = await readPaths(spec);
  if (!side.ok) return side;
  const { requireMarker } = spec.safety;
  const marker = requireMarker === null ? null : within(side.value.root, requireMarker);
  const absentMarker = marker === null || (await exists(marker)) ? null : marker;
  return ok({ ...side.value, absentMarker });
}

async function readPaths({
  paths,
  direction,
  followSymlinks,
}: Pick<TaskSpec, 'paths' | 'direction' | 'followSymlinks'>): Promise<Result<Omit<LocalSide, 'absentMarker'>, string>> {
  const [first = '', ...others] = paths;
  const found = await Promise.all(paths.map(look));
  const failed = found.find((each) => !each.ok);
  if (failed?.ok === false) return failed;
  const kinds = found.map((each) => (each.ok ? each.value : 'missing'));
  const missing = paths.filter((_path, index) => kinds[index] === 'missing');

  if (others.length === 0 && kinds[0] !== 'file') {
    return ok({ root: first, selection: null, missing, leftOut: [], empty: kinds[0] === 'empty' ? [''] : [] });
  }
  if (direction === 'PULL') return err(`${first} is not a directory`);
  const leftOut = followSymlinks ? [] : await symbolicLinks(paths);
  return ok({
    ...{ root: dirname(first), selection: paths.map((path) => basename(path)), missing, leftOut },
    empty: paths.filter((_path, index) => kinds[index] === 'empty').map((path) => basename(path)),
  });
}

/** Where a directory of the task, as `empty` names it, lies on a side. */
export function within(side: string, name: string): string {
  if (name === '') return side;
  return /[:/]$/.test(side) ? `${side}${name}` : `${side}/${name}`;
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

type Kind = 'missing' | 'file' | 'empty' | 'filled';

async function look(path: string): Promise<Result<Kind, string>> {
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) return fileKind(path, stats);
    return ok((await isEmpty(path)) ? 'empty' : 'filled');
  } catch (error) {
    const code = errorCode(error) || String(error);
    return code === 'ENOENT' ? ok('missing') : err(`cannot read ${path}: ${code}`);
  }
}

async function symbolicLinks(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => lstat(path).catch(() => null)));
  return paths.filter((_path, index) => found[index]?.isSymbolicLink());
}

function fileKind(path: string, stats: Stats): Result<Kind, string> {
  return stats.isFile() ? ok('file') : err(`${path} is neither a directory nor a regular file`);
}

/** The folder in which the file system shows its snapshots is not counted: nothing in it is synced. */
async function isEmpty(path: string): Promise<boolean> {
  // Iterating closes it.
  for await (const { name } of await opendir(path)) {
    if (!isSnapshotFolder(name)) return false;
  }
  return true;
}
