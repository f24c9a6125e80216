import type { BigIntStats } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import type { SourceUnavailable } from '../model/snapshot.ts';
import { errorCode, systemWords } from '../model/system-error.ts';

/** Which directory a path leads to at one moment, told apart from any other that may take its place. */
export interface Identity {
  /** Equal before and after a reading: nothing on the way was replaced meanwhile. */
  readonly key: string;
  /** Targets of the links on the way, as they are written. */
  readonly links: readonly string[];
  readonly real: Result<string, SourceUnavailable>;
  /** Directories on the way, links resolved, each with the names in it that the way goes through. */
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function readIdentity(directory: string): Promise<Identity> {
  const keys: string[] = [];
  const links: string[] = [];
  for (const path of pathsDownTo(resolve(directory))) {
    const component = await readComponent(path);
    keys.push(component.key);
    if (component.link !== null) links.push(component.link);
  }
  const real = await resolveDirectory(directory);
  keys.push(real.ok ? `${real.value.path}=${real.value.key}` : real.error.reason);
  return {
    key: keys.join('\n'),
    links,
    real: real.ok ? ok(real.value.path) : real,
    ancestors: await ancestorsOf([resolve(directory), ...(real.ok ? [real.value.path] : [])]),
  };
}

/** Tells one inode from another. ext4 hands a freed inode number to the next directory, so the birth time is needed. */
export function inodeKey(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}

async function readComponent(path: string): Promise<{ readonly key: string; readonly link: string | null }> {
  try {
    const stats = await lstat(path, { bigint: true });
    const link = stats.isSymbolicLink() ? await readlink(path) : null;
    return { key: `${inodeKey(stats)}:${link ?? ''}`, link };
  } catch (error) {
    return { key: errorCode(error), link: null };
  }
}

async function resolveDirectory(
  directory: string,
): Promise<Result<{ readonly path: string; readonly key: string }, SourceUnavailable>> {
  try {
    const path = await realpath(directory);
    const stats = await stat(path, { bigint: true });
    if (stats.isDirectory()) return ok({ path, key: inodeKey(stats) });
    return err({ reason: 'Unreadable', message: `The tasks directory ${directory} is not a directory.` });
  } catch (error) {
    return err(unavailable(directory, error));
  }
}

function unavailable(directory: string, error: unknown): SourceUnavailable {
  if (errorCode(error) === 'ENOENT') {
    return { reason: 'Missing', message: `The tasks directory ${directory} does not exist.` };
  }
  return { reason: 'Unreadable', message: `The tasks directory ${directory} cannot be read: ${systemWords(error)}.` };
}

async function ancestorsOf(targets: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const ancestors = new Map<string, Set<string>>();
  for (const path of targets.flatMap(pathsDownTo)) {
    const parent = await realpath(dirname(path)).catch(() => null);
    if (parent === null || path === sep) continue;
    const names = ancestors.get(parent) ?? new Set();
    ancestors.set(parent, names.add(path.slice(path.lastIndexOf(sep) + 1)));
  }
  return ancestors;
}

/** `/a/b` gives `/`, `/a`, `/a/b`. */
function pathsDownTo(path: string): readonly string[] {
  const names = path.split(sep).filter((name) => name !== '');
  return [sep, ...names.map((_, index) => join(sep, ...names.slice(0, index + 1)))];
}
