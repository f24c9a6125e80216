import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface Search {
  readonly root: string;
  readonly name: string;
  /** Folders that links lead to are searched too, each once. */
  readonly followLinks: boolean;
  readonly signal: AbortSignal;
}

/** The path of a file of this name, at a folder or anywhere below it; `null`: there is none that can be seen. */
export async function findBelow({ root, name, followLinks, signal }: Search): Promise<string | null> {
  const seen = new Set<string>();
  const left = [root];
  for (let folder = left.pop(); folder !== undefined && !signal.aborted; folder = left.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.name === name) return path;
      if (entry.isDirectory()) left.push(path);
      if (followLinks && entry.isSymbolicLink() && (await isNewFolder(path, seen))) left.push(path);
    }
  }
  return null;
}

/** A link may lead to where another one has led, or to above itself. */
async function isNewFolder(path: string, seen: Set<string>): Promise<boolean> {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  if (stats === null || !stats.isDirectory()) return false;
  const identity = `${stats.dev}:${stats.ino}`;
  if (seen.has(identity)) return false;
  seen.add(identity);
  return true;
}
