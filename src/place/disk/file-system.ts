import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSystemFacts } from '../../model/memory.ts';
import type { LocalPlace } from '../local-place.ts';

const uuids = '/dev/disk/by-uuid';

/**
 * What tells the file system of a place from another one that may be mounted there later, also after a restart of the
 * machine, which numbers its devices as it finds them. `null`: the system does not say.
 */
export async function fileSystemOf({ fileSystem }: LocalPlace): Promise<FileSystemFacts | null> {
  if (fileSystem === null) return null;
  const { type, source, device } = fileSystem;
  // Btrfs has a number that is not that of its disk.
  const disk = source.startsWith('/dev/') ? await deviceNumber(source) : null;
  return { name: `${type} ${source}`, uuid: await uuidOf([device, ...(disk === null ? [] : [disk])]) };
}

/** Two file systems are told apart by what is known of both. */
export function isSameFileSystem(one: FileSystemFacts, other: FileSystemFacts): boolean {
  if (one.uuid !== null && other.uuid !== null) return one.uuid === other.uuid;
  return one.name === other.name;
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
