import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Every `*.status.json` in a directory, as relative paths, sorted; hidden folders and links are left alone. */
export function findStatusFiles(directory: string): Promise<readonly string[]> {
  return find(directory, '', (name) => name.endsWith('.status.json'));
}

/** The same for what a writer of status files leaves where it dies before its rename. */
export function findUnfinishedFiles(directory: string): Promise<readonly string[]> {
  return find(directory, '', (name) => /^\..+\.status\.json\.\d+\.[0-9a-f]{12}\.tmp$/.test(name));
}

async function find(
  directory: string,
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<readonly string[]> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) found.push(...(await find(directory, path, isWanted)));
    if (entry.isFile() && isWanted(entry.name)) found.push(path);
  }
  return found.sort();
}
