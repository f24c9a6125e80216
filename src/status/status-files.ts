import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Every `*.status.json` in a directory, as relative paths, sorted; hidden folders and links are left alone. */
export async function findStatusFiles(directory: string, folder = ''): Promise<readonly string[]> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) found.push(...(await findStatusFiles(directory, path)));
    if (entry.isFile() && entry.name.endsWith('.status.json')) found.push(path);
  }
  return found.sort();
}
