import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, opendir, rename, rm, stat, utimes } from 'node:fs/promises';
import { errorCode, systemWords } from '../../model/system-error.ts';

/** Gives complete files their names in the directory of a restore, and never replaces anything there. */
export interface Publisher {
  /** rclone has completed this file; the path is as rclone writes it. */
  add(path: string): void;
  /** The same for all that is left in the staging, with empty folders and the times of folders. */
  addRest(): Promise<void>;
  settled(): Promise<Published>;
}

export interface Published {
  readonly files: number;
  readonly bytes: number;
  /** The first thing that went wrong, as a sentence. */
  readonly trouble: string | null;
}

export interface PublisherOptions {
  readonly staging: string;
  readonly directory: string;
  /** Whether what is written may go through a link in the directory, which may lead out of it. */
  readonly followLinks: boolean;
}

const atOnce = 8;

/** Paths inside are `latin1`, in which each byte is a character: names need not be UTF-8. */
export function createPublisher({ staging, directory, followLinks }: PublisherOptions): Publisher {
  const waiting: string[] = [];
  /** Folders that were not there before. */
  const made = new Set<string>();
  const known = new Map<string, Promise<void>>();
  let working = 0;
  let files = 0;
  let bytes = 0;
  let trouble: string | null = null;
  let tellIdle = () => {};

  function pump(): void {
    while (working < atOnce) {
      const path = waiting.pop();
      if (path === undefined) break;
      working += 1;
      void publish(path).finally(() => {
        working -= 1;
        pump();
      });
    }
    if (working === 0) tellIdle();
  }

  function idle(): Promise<void> {
    if (working === 0 && waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      tellIdle = resolve;
    });
  }

  async function publish(path: string): Promise<void> {
    const from = placeIn(staging, path);
    try {
      const { size } = await lstat(from);
      await folderFor(folderOf(path));
      if (!(await giveName(from, placeIn(directory, path)))) return;
      files += 1;
      bytes += size;
    } catch (error) {
      // On the disk the name may be written in another way than in the log; then it is among the rest.
      if (errorCode(error) !== 'ENOENT') note(path, error);
    }
  }

  function note(path: string, error: unknown): void {
    trouble ??= `${Buffer.from(path, 'latin1')} could not be put in place: ${systemWords(error)}`;
  }

  function folderFor(path: string): Promise<void> {
    if (path === '') return Promise.resolve();
    const before = known.get(path);
    if (before !== undefined) return before;
    const making = folderFor(folderOf(path)).then(() => makeFolder(path));
    known.set(path, making);
    return making;
  }

  async function makeFolder(path: string): Promise<void> {
    const place = placeIn(directory, path);
    try {
      await mkdir(place);
      made.add(path);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      const stats = followLinks ? await stat(place) : await lstat(place);
      if (!stats.isDirectory()) throw new Error(`${place} is there already, and is not a directory`);
    }
  }

  async function walk(path: string): Promise<void> {
    const folder = placeIn(staging, path);
    for await (const entry of await opendir(folder, { encoding: 'latin1' })) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        await folderFor(inner).catch((error: unknown) => note(inner, error));
        await walk(inner);
      } else await publish(inner);
    }
    if (!made.has(path)) return;
    // Files that were put in have changed the time that rclone had set.
    const { atime, mtime } = await stat(folder);
    await utimes(placeIn(directory, path), atime, mtime).catch(() => undefined);
  }

  return {
    add(path) {
      if (!isPlain(path)) return;
      waiting.push(Buffer.from(path).toString('latin1'));
      pump();
    },
    async addRest() {
      await idle();
      await walk('').catch((error: unknown) => note('', error));
    },
    async settled() {
      await idle();
      return { files, bytes, trouble };
    },
  };
}

/** A name that a far side made up must not lead out of the directory. */
function isPlain(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function placeIn(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** File systems without hard links, such as FAT and some of the network. */
const noLinks: readonly string[] = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** A second name, which fails where something has it already; the first one goes with the staging. False: it was taken. */
async function giveName(from: Buffer, to: Buffer): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (code === 'EXDEV') return copyAcross(from, to);
    if (!noLinks.includes(code)) throw error;
    if ((await lstat(to).catch(() => null)) !== null) return false;
    await rename(from, to);
    return true;
  }
}

/** Another file system is mounted below the directory. */
async function copyAcross(from: Buffer, to: Buffer): Promise<boolean> {
  const near = Buffer.concat([
    to.subarray(0, to.lastIndexOf('/') + 1),
    Buffer.from(`.cloudsync-${randomBytes(8).toString('hex')}`),
  ]);
  try {
    await copyFile(from, near, constants.COPYFILE_EXCL);
    const { atime, mtime } = await stat(from);
    await utimes(near, atime, mtime);
    return await giveName(near, to);
  } finally {
    await rm(near, { force: true });
  }
}
