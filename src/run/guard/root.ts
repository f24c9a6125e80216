import { access, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ResolvedTask } from '../../model/desired.ts';
import type { FileSystemFacts } from '../../model/memory.ts';
import { err, type Result } from '../../model/result.ts';
import { fileSystemFacts } from '../../place/disk/file-system.ts';
import { readPlaces } from '../../place/disk/read-place.ts';
import type { FileSystem, LocalPlace } from '../../place/local-place.ts';
import { lastingMounts, mountFault } from '../../place/mounted.ts';
import { farPlaces } from '../../provider/far-places.ts';
import { readSections } from '../task-places.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/**
 * A disk that is not mounted looks like an empty directory, or like one that has to be made: a run would write to the
 * disk below, or delete what the disk held. So a root is never made, it lies on the file system that it was on, and
 * what was mounted below a side is mounted there.
 */
export const rootGuard: Guard = async ({ task, memory, pen, around }) => {
  const known = memory.success?.fileSystems ?? {};
  const roots = await rootsOf(task, around.environment);
  const sides = roots.filter(({ isSide }) => isSide).map(({ path }) => path);
  const paths = new Set(roots.map(({ path }) => path));
  const below = Object.keys(known).filter((path) => !paths.has(path) && sides.some((side) => isBelow(path, side)));
  const links = await linksAt(task);
  const wayOut = `mount the disk, or if this is meant: cloudsync run ${task.name} --accept-file-system`;
  const places = new Map<string, LocalPlace>();
  for (const [path, place] of await placesAt([...paths, ...below, ...links])) {
    if (place.ok) places.set(path, place.value);
    else if (paths.has(path)) return cannotTell({ message: place.error, retryable: false });
    else if (known[path] !== undefined && !around.acceptFileSystem) {
      return blocked(`${place.error}, where ${known[path].name} was at the last success; ${wayOut}`);
    }
  }
  for (const { path, newNames } of roots) {
    const missing = places.get(path)?.missing ?? [];
    if (missing.length <= newNames) continue;
    const absent = newNames === 0 ? path : dirname(path);
    return blocked(`the directory ${absent} does not exist; check that its disk is mounted, or make it`);
  }
  const found = await factsOf(places, new Set(sides));
  for (const [path, fileSystem] of found) {
    const before = known[path];
    const fault = before === undefined || around.acceptFileSystem ? null : mountFault(path, before, fileSystem);
    if (fault === null) continue;
    return blocked(`${fault}; ${wayOut}`);
  }
  const above = (path: string) => found.get(dirname(path))?.point;
  const kept = [...found].filter(([path, { point }]) => !links.includes(path) || above(path) !== point);
  pen.onSuccess({ fileSystems: Object.fromEntries(kept) });
  return pass;
};

interface Root {
  readonly path: string;
  /** How many names at its end a run may make. */
  readonly newNames: number;
  /** Whether files are read or written here, and not only below a folder of it. */
  readonly isSide: boolean;
}

/** What a source holds is for another guard to say: a file may be gone for good reasons. */
async function rootsOf({ spec, credential }: ResolvedTask, environment: NodeJS.ProcessEnv): Promise<readonly Root[]> {
  const { root } = credential?.provider === 'local' ? credential.options : {};
  const newNames = spec.direction === 'PULL' ? 1 : Number.POSITIVE_INFINITY;
  const sections = credential === null ? await readSections(environment) : new Map();
  const far = farPlaces(spec.remote, credential, sections)
    .flatMap((place) => (place.kind === 'path' ? [place.path.replace(/(?<=.)\/+$/, '')] : []))
    .map((path) => ({ path, newNames: path === root ? 0 : Number.POSITIVE_INFINITY, isSide: true }));
  const own = spec.paths.map((path) => ({ path, newNames, isSide: true }));
  return [...(typeof root === 'string' ? [{ path: root, newNames: 0, isSide: false }] : []), ...far, ...own];
}

/** The links at the top of a source: what is at their ends is synced as well. */
async function linksAt({ spec }: ResolvedTask): Promise<readonly string[]> {
  if (!spec.followSymlinks || spec.direction === 'PULL') return [];
  const links: string[] = [];
  for (const path of spec.paths) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    links.push(...entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => `${path}/${name}`));
  }
  return links;
}

async function placesAt(paths: readonly string[]): Promise<ReadonlyMap<string, Result<LocalPlace, string>>> {
  // Mounts what is mounted when it is used.
  await Promise.all(paths.map((path) => access(`${path}/.`).catch(() => null)));
  const places = await readPlaces(paths);
  return new Map(paths.map((path, index) => [path, places[index] ?? err(`${path} cannot be used`)]));
}

/** Of each place, and of what is mounted below each side. */
async function factsOf(
  places: ReadonlyMap<string, LocalPlace>,
  sides: ReadonlySet<string>,
): Promise<ReadonlyMap<string, FileSystemFacts>> {
  const found = new Map<string, FileSystem>();
  for (const [path, place] of places) {
    if (place.fileSystem !== null) found.set(path, place.fileSystem);
    if (!sides.has(path)) continue;
    for (const [name, mount] of lastingMounts(place.path, place.mountedBelow)) {
      found.set(`${path === '/' ? '' : path}/${name}`, mount);
    }
  }
  const facts = new Map<string, Promise<FileSystemFacts>>();
  for (const fileSystem of found.values()) {
    if (!facts.has(fileSystem.point)) facts.set(fileSystem.point, fileSystemFacts(fileSystem));
  }
  const all = new Map<string, FileSystemFacts>();
  for (const [path, { point }] of found) {
    const each = await facts.get(point);
    if (each !== undefined) all.set(path, each);
  }
  return all;
}

function isBelow(path: string, side: string): boolean {
  return path.startsWith(side === '/' ? '/' : `${side}/`);
}
