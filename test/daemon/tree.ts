import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All files below a directory by their path: content, inode and the time of the last change. */
export async function treeOf(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: [string, string][] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const { ino, mtimeMs } = await lstat(path);
    files.push([path, `${ino} ${mtimeMs} ${await readFile(path, 'base64')}`]);
  }
  return Object.fromEntries(files.sort(([left], [right]) => (left < right ? -1 : 1)));
}
