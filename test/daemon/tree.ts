import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All files below a directory by their path: inode, time of the last change and digest of the content. */
export async function treeOf(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: [string, string][] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const { ino, mtimeMs } = await lstat(path);
    const digest = createHash('sha256').update(await readFile(path));
    files.push([path, `${ino} ${mtimeMs} ${digest.digest('hex')}`]);
  }
  return Object.fromEntries(files.sort(([left], [right]) => (left < right ? -1 : 1)));
}
