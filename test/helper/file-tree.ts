import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** What lies in a directory: content by relative path; a long content is told by its digest. */
export type FileTree = Readonly<Record<string, string>>;

const defaultShown = 4096;

/** Files only; a directory that is missing is empty. Content of up to `longestShown` bytes is told in full. */
export async function readTree(directory: string, longestShown = defaultShown): Promise<FileTree> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (file) => [relative(directory, file), shown(await readFile(file), longestShown)] as const),
  );
  return Object.fromEntries(contents.sort(([left], [right]) => (left < right ? -1 : 1)));
}

export async function writeTree(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** The same, as if the files had been there for an hour: a MOVE leaves alone what was written a moment ago. */
export async function writeOldTree(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  await writeTree(directory, files);
  const anHourAgo = Date.now() / 1000 - 3600;
  for (const path of Object.keys(files)) await utimes(join(directory, path), anHourAgo, anHourAgo);
}

/** The same files as `readTree` would tell of them. */
export function treeOf(files: Readonly<Record<string, string>>): FileTree {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, shown(Buffer.from(content), defaultShown)]),
  );
}

function shown(content: Buffer, longestShown: number): string {
  if (content.length <= longestShown) return content.toString();
  return `${content.length} bytes, sha256:${createHash('sha256').update(content).digest('hex')}`;
}
