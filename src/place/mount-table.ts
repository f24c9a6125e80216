import type { Region } from './region.ts';
import { isPrefix } from './relation.ts';

/** One line of /proc/self/mountinfo; see proc(5). */
export interface Mount {
  readonly id: string;
  readonly parent: string;
  /** `major:minor` of the file system. */
  readonly device: string;
  /** The part of the file system that is mounted. */
  readonly root: readonly string[];
  readonly point: readonly string[];
  readonly type: string;
  /** What is mounted, such as `/dev/sda1` or `nas:/export`. */
  readonly source: string;
}

export interface MountTable {
  /** What `/` is. */
  readonly root: Mount | null;
  /** Mounts on a mount, by its id, but for those that lie below the point of another one. */
  readonly visible: ReadonlyMap<string, readonly Mount[]>;
}

export function parseMounts(text: string): MountTable {
  const mounts = text.split('\n').flatMap(mountIn);
  const ids = new Set(mounts.map(({ id }) => id));
  const root =
    mounts.find(({ parent, id, point }) => point.length === 0 && (!ids.has(parent) || parent === id)) ?? null;
  const children = new Map<string, Mount[]>();
  for (const mount of mounts) {
    if (mount !== root) children.set(mount.parent, [...(children.get(mount.parent) ?? []), mount]);
  }
  return { root, visible: new Map([...children].map(([parent, found]) => [parent, found.filter(isVisibleIn(found))])) };
}

function mountIn(line: string): readonly Mount[] {
  const [before = '', after = ''] = line.split(' - ');
  const [id = '', parent = '', device, root, point] = before.split(' ');
  const [type = '', source = ''] = after.split(' ');
  if (device === undefined || root === undefined || point === undefined) return [];
  const places = { root: partsOf(unescaped(root)), point: partsOf(unescaped(point)) };
  return [{ id, parent, device, root: places.root, point: places.point, type, source: unescaped(source) }];
}

function isVisibleIn(siblings: readonly Mount[]) {
  return ({ point }: Mount) =>
    !siblings.some((other) => other.point.length < point.length && isPrefix(other.point, point));
}

/**
 * The mount that a path without links leads to. As the kernel does: from the root, at each part into what is mounted
 * there, so that a mount which a later one hides is never reached. `null`: the table does not say.
 */
export function mountOf(path: readonly string[], mounts: MountTable): Mount | null {
  let found = mounts.root;
  for (let next = found; next !== null; ) {
    found = next;
    next = visibleChildren(next, mounts).find(({ point }) => isPrefix(point, path)) ?? null;
  }
  return found;
}

/**
 * The mount that decides what is at a path: as `mountOf`, but for a folder that is mounted on itself, as services do to
 * make it writable. That shows what would be there anyway.
 */
export function ownMountOf(path: readonly string[], mounts: MountTable): Mount | null {
  let found: Mount | null = null;
  let own: Mount | null = null;
  for (let next = mounts.root; next !== null; ) {
    if (found === null || !isOnItself(next, found)) own = next;
    found = next;
    next = visibleChildren(next, mounts).find(({ point }) => isPrefix(point, path)) ?? null;
  }
  return own;
}

/** What is mounted below a path without links. Of several mounts on one point, the last. */
export function mountsBelow(path: readonly string[], mounts: MountTable): readonly Mount[] {
  const top = mountOf(path, mounts);
  return top === null ? [] : [...new Map(pointsBelow(top, path, mounts)).values()];
}

function pointsBelow(mount: Mount, path: readonly string[], mounts: MountTable): readonly [string, Mount][] {
  return visibleChildren(mount, mounts)
    .filter(({ point }) => point.length > path.length && isPrefix(path, point))
    .flatMap((child) => [
      ...(isOnItself(child, mount) ? [] : [[child.point.join('/'), child] as [string, Mount]]),
      ...pointsBelow(child, path, mounts),
    ]);
}

function isOnItself(mount: Mount, parent: Mount): boolean {
  const without = [...parent.root, ...mount.point.slice(parent.point.length)];
  return mount.device === parent.device && mount.root.join('/') === without.join('/');
}

/** What a path without links covers: a folder of its own file system first, and then what is mounted below it. */
export function regionsAt(path: readonly string[], mounts: MountTable, folds: boolean): readonly Region[] {
  const mount = mountOf(path, mounts);
  if (mount === null) return [{ space: 'path', parts: path, holes: [], folds }];
  return [regionAt(mount, path, mounts, folds), ...regionsBelow(mount, path, mounts, folds)];
}

function regionsBelow(mount: Mount, path: readonly string[], mounts: MountTable, folds: boolean): readonly Region[] {
  return visibleChildren(mount, mounts)
    .filter(({ point }) => isPrefix(path, point))
    .flatMap((child) => [
      regionAt(child, child.point, mounts, folds),
      ...regionsBelow(child, child.point, mounts, folds),
    ]);
}

function regionAt(mount: Mount, path: readonly string[], mounts: MountTable, folds: boolean): Region {
  const inFileSystem = (place: readonly string[]) => [...mount.root, ...place.slice(mount.point.length)];
  const holes = visibleChildren(mount, mounts)
    .filter(({ point }) => isPrefix(path, point))
    .map(({ point }) => inFileSystem(point));
  return { space: mount.device, parts: inFileSystem(path), holes, folds };
}

function visibleChildren({ id }: Mount, { visible }: MountTable): readonly Mount[] {
  return visible.get(id) ?? [];
}

export function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** A blank, a tab, a line feed and a backslash are written as three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
