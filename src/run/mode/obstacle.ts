import type { Rehearsal } from '../rehearsal.ts';

/**
 * Files that stand where a folder is to be made, and folders that stand where a file is to be written. rclone removes
 * what is in the way last, and so does not get there; stores that know no folders take both.
 */
export function obstaclesIn({ copies, deletes }: Pick<Rehearsal, 'copies' | 'deletes'>): readonly string[] {
  const deletedFolders = foldersOf(deletes);
  const copiedFolders = foldersOf(copies);
  const files = [...deletes].filter((path) => copiedFolders.has(path));
  const folders = [...copies].filter((path) => deletedFolders.has(path));
  return [
    ...files.map((path) => `${path} is a file at the destination and a folder at the source; move it away there`),
    ...folders.map((path) => `${path} is a folder at the destination and a file at the source; move it away there`),
  ].sort();
}

function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length += 1) folders.add(parts.slice(0, length).join('/'));
  }
  return folders;
}
