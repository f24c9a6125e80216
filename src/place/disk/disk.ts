import { lstat } from 'node:fs/promises';
import { errorCode } from '../../model/system-error.ts';
import { otherSpellings } from '../fold.ts';

/** What is on the way to places. Many paths share folders, which are looked at once. */
export interface Disk {
  /** `null`: there is nothing. */
  look(path: string): Promise<Entry | null>;
  /** Whether a folder, which holds the name, finds it in another spelling too. */
  folds(folder: string, name: string): Promise<boolean>;
}

interface Entry {
  /** `device:inode` */
  readonly identity: string;
  readonly isLink: boolean;
}

export function createDisk(): Disk {
  const entries = new Map<string, Promise<Entry | null>>();
  const folding = new Map<string, Promise<boolean>>();

  function look(path: string): Promise<Entry | null> {
    const found = entries.get(path) ?? read(path);
    entries.set(path, found);
    return found;
  }

  async function isFoundOtherwise(folder: string, name: string): Promise<boolean> {
    const at = (spelling: string) => (folder === '/' ? `/${spelling}` : `${folder}/${spelling}`);
    const own = await look(at(name));
    const others = await Promise.all(otherSpellings(name).map((spelling) => look(at(spelling)).catch(() => null)));
    return own !== null && others.some((other) => other?.identity === own.identity);
  }

  return {
    look,
    folds(folder, name) {
      const found = folding.get(folder) ?? isFoundOtherwise(folder, name);
      folding.set(folder, found);
      return found;
    },
  };
}

async function read(path: string): Promise<Entry | null> {
  try {
    const stats = await lstat(path, { bigint: true });
    return { identity: `${stats.dev}:${stats.ino}`, isLink: stats.isSymbolicLink() };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return null;
  }
}
