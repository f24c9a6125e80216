import { readlink } from 'node:fs/promises';
import { err, ok, type Result } from '../../model/result.ts';
import { errorCode } from '../../model/system-error.ts';
import { otherSpellings } from '../fold.ts';
import type { FileSystem, LocalPlace } from '../local-place.ts';
import { type Mount, type MountTable, mountOf, mountsBelow, ownMountOf, partsOf, regionsAt } from '../mount-table.ts';
import { createDisk, type Disk } from './disk.ts';
import { readMounts } from './mounts.ts';

/** Where a path leads now, through every link and mount on the way. The error is a sentence. */
export async function readPlace(path: string): Promise<Result<LocalPlace, string>> {
  const [place] = await readPlaces([path]);
  return place ?? err(`${path} cannot be used`);
}

/** The same for several, which are read against one state of the mounts. */
export async function readPlaces(paths: readonly string[]): Promise<readonly Result<LocalPlace, string>[]> {
  const mounts = await readMounts();
  const disk = createDisk();
  return Promise.all(paths.map((path) => placeAt(path, mounts, disk)));
}

async function placeAt(path: string, mounts: MountTable | null, disk: Disk): Promise<Result<LocalPlace, string>> {
  const walked = await walk(path, disk);
  if (!walked.ok) return walked;
  const { existing, ids, missing } = walked.value;
  const parts = [...existing, ...missing];
  const mount = mounts === null ? null : mountOf(parts, mounts);
  const folds = (mount !== null && folding.test(mount.type)) || (await foldsNames(existing, disk));
  return ok({
    kind: 'local',
    path: `/${parts.join('/')}`,
    regions: mounts === null ? [{ space: 'path', parts, holes: [], folds }] : regionsAt(parts, mounts, folds),
    // The root directory has an identity too, so there is one more than there are parts.
    folders: ids.slice(mount === null ? 0 : mount.point.length),
    missing,
    fileSystem: mounts === null ? null : fileSystemAt(ownMountOf(existing, mounts)),
    mountedBelow: mounts === null ? [] : mountsBelow(parts, mounts).flatMap((below) => fileSystemAt(below) ?? []),
  });
}

function fileSystemAt(mount: Mount | null): FileSystem | null {
  if (mount === null) return null;
  const { type, source, device, point } = mount;
  return { type, source, device, point: `/${point.join('/')}` };
}

/** Where a new folder cannot be asked, having no name yet. */
const folding = /^(?:vfat|msdos|exfat|ntfs3?|hfs|hfsplus|apfs|cifs|smb3|smbfs)$/;

interface Walked {
  /** Without links. */
  readonly existing: readonly string[];
  readonly ids: readonly string[];
  readonly missing: readonly string[];
}

/** As many as Linux follows. */
const mostLinks = 40;

/** Part by part, as the kernel does, so that also a link that leads to nothing says where it would lead. */
async function walk(path: string, disk: Disk): Promise<Result<Walked, string>> {
  let left = partsOf(path);
  const existing: string[] = [];
  const ids: string[] = [];
  const failed = (error: unknown) => err(`${path} cannot be used: ${errorCode(error) || String(error)}`);
  try {
    ids.push((await disk.look('/'))?.identity ?? '');
    for (let links = 0; ; ) {
      const [name, ...rest] = left;
      if (name === undefined) return ok({ existing, ids, missing: [] });
      if (name === '..') {
        if (existing.pop() !== undefined) ids.pop();
        left = rest;
        continue;
      }
      const at = `/${[...existing, name].join('/')}`;
      const entry = await disk.look(at);
      if (entry === null) return ok({ existing, ids, missing: withoutDots(left) });
      if (!entry.isLink) {
        existing.push(name);
        ids.push(entry.identity);
        left = rest;
        continue;
      }
      links += 1;
      if (links > mostLinks) return err(`${path} cannot be used: ELOOP`);
      const target = await readlink(at);
      if (target.startsWith('/')) {
        existing.length = 0;
        ids.length = 1;
      }
      left = [...partsOf(target), ...rest];
    }
  } catch (error) {
    return failed(error);
  }
}

function withoutDots(parts: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return kept;
}

/** Whether the last folder on the way whose name can be spelled in another way is found by that, too. */
async function foldsNames(existing: readonly string[], disk: Disk): Promise<boolean> {
  for (let length = existing.length; length > 0; length -= 1) {
    const name = existing[length - 1] ?? '';
    if (otherSpellings(name).length > 0) return disk.folds(`/${existing.slice(0, length - 1).join('/')}`, name);
  }
  return false;
}
