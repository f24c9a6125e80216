import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSystemFacts } from '../../model/memory.ts';
import type { FileSystem } from '../local-place.ts';

const uuids = '/dev/disk/by-uuid';

/**
 * What tells a file system from another one that may be mounted in its place later, also after a restart of the
 * machine, which numbers its devices as it finds them.
 */
export async function fileSystemFacts({ type, source, device, point }: FileSystem): Promise<FileSystemFacts> {
  // Btrfs has a number that is not that of its disk.
  const disk = source.startsWith('/dev/') ? await deviceNumber(source) : null;
  const uuid = await uuidOf([device, ...(disk === null ? [] : [disk])]);
  const id = lastingIds.test(type) ? await idOf(point) : null;
  return { name: `${type} ${source}`, uuid, id, point };
}

/**
 * Types whose id in statfs(2) is made from what is written on the disk. Of others, such as xfs and f2fs, it is the
 * number of the device, or a new one for each mount.
 */
const lastingIds = /^(?:ext[234]|btrfs|zfs)$/;
const patienceMs = 5_000;

/** Node does not say it, and in a container there is no /dev/disk. `null`: it cannot be read. */
async function idOf(path: string): Promise<string | null> {
  const output = await new Promise<string>((resolve) => {
    execFile('stat', ['-f', '-c', '%i', path], { timeout: patienceMs }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : ''),
    );
  });
  if (!/^[\da-f]{1,16}$/.test(output) || /^0+$/.test(output)) return null;
  // Two numbers, of which BusyBox prints the other one first.
  const digits = output.padStart(16, '0');
  return [digits.slice(0, 8), digits.slice(8)].sort().join('');
}

async function uuidOf(devices: readonly string[]): Promise<string | null> {
  const names = await readdir(uuids).catch(() => []);
  for (const name of names) {
    const number = await deviceNumber(join(uuids, name));
    if (number !== null && devices.includes(number)) return name;
  }
  return null;
}

/** `major:minor` of a block device, as the kernel packs it into one number. */
async function deviceNumber(path: string): Promise<string | null> {
  const stats = await stat(path).catch(() => null);
  if (stats === null || !stats.isBlockDevice()) return null;
  const { rdev } = stats;
  const major = Math.floor(rdev / 256) % 4096;
  const minor = (rdev % 256) + Math.floor(rdev / 1_048_576) * 256;
  return `${major}:${minor}`;
}
