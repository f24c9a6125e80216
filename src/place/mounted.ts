import type { FileSystemFacts } from '../model/memory.ts';
import { isSnapshotFolder } from '../model/snapshot-folder.ts';
import type { FileSystem } from './local-place.ts';
import { partsOf } from './mount-table.ts';
import { isPrefix } from './relation.ts';

/** What is wrong with the file system that a path is on, as the end of a sentence about it; `null`: nothing. */
export function mountFault(path: string, before: FileSystemFacts, now: FileSystemFacts): string | null {
  if (typeOf(before) === 'autofs') return null;
  if (before.point !== undefined && now.point !== undefined && isAbove(now.point, before.point)) {
    return `nothing is mounted at ${before.point}, where ${before.name} was at the last success, so ${path} is on ${now.name}`;
  }
  if (isSameFileSystem(before, now)) return null;
  const [is, was] = now.name === before.name ? [detail(now), detail(before)] : [now.name, before.name];
  const at = now.point === undefined ? '' : `, mounted at ${now.point}`;
  return `${path} is on another file system (${is}${at}) than at the last success (${was})`;
}

/** Two file systems are told apart by what is known of both. */
export function isSameFileSystem(one: FileSystemFacts, other: FileSystemFacts): boolean {
  if (one.uuid !== null && other.uuid !== null) return one.uuid === other.uuid;
  const [id = null, otherId = null] = [one.id, other.id];
  if (id !== null && otherId !== null) return id === otherId && typeOf(one) === typeOf(other);
  return one.name === other.name;
}

/** The mounts below a folder whose absence matters, by the way there from the folder. */
export function lastingMounts(
  folder: string,
  below: readonly FileSystem[],
): readonly (readonly [string, FileSystem])[] {
  const top = partsOf(folder);
  return below
    .map((mount) => [partsOf(mount.point).slice(top.length), mount] as const)
    .filter(([names, { type }]) => !passing.test(type) && !names.some(isSnapshotFolder))
    .map(([names, mount]) => [names.join('/'), mount] as const);
}

/** File systems that hold no files of anybody's, or that come and go with containers and sessions. */
const passing =
  /^(?:autofs|proc|sysfs|cgroup2?|devpts|devtmpfs|mqueue|securityfs|selinuxfs|debugfs|tracefs|bpf|configfs|fusectl|pstore|efivarfs|nsfs|binfmt_misc|hugetlbfs|rpc_pipefs|overlay|fuse\.(?:portal|gvfsd-fuse|lxcfs))$/;

function isAbove(one: string, other: string): boolean {
  const [upper, lower] = [partsOf(one), partsOf(other)];
  return upper.length < lower.length && isPrefix(upper, lower);
}

function typeOf({ name }: FileSystemFacts): string {
  return name.split(' ')[0] ?? '';
}

function detail({ name, uuid, id = null }: FileSystemFacts): string {
  return `${name} ${uuid ?? id ?? ''}`.trim();
}
