import { posix } from 'node:path';
import { isSnapshotFolder } from '../model/snapshot-folder.ts';
import type { Direction } from '../model/task.ts';
import { type DocumentPath, errorAt, type Finding } from './finding.ts';
import { checkLocalPath, isInside, type LocalPlace, resolveLocalPath } from './local-path.ts';

/** The absolute local paths of a task, sorted: what a list means does not depend on its order. */
export function localPaths(
  written: string | readonly string[],
  direction: Direction,
  place: LocalPlace,
  findings: Finding[],
): readonly string[] {
  const path: DocumentPath = ['spec', 'path'];
  if (typeof written === 'string') {
    findings.push(...checkLocalPath(written, path, place));
    return [resolveLocalPath(written, place.folder)];
  }
  findings.push(...written.flatMap((each, index) => checkLocalPath(each, [...path, index], place)));
  const paths = written.map((each) => resolveLocalPath(each, place.folder));
  if (direction === 'PULL' && paths.length > 1) {
    const message = `spec.path of a PULL must be one directory; found a list of ${paths.length}`;
    findings.push(errorAt('CS015', path, message, 'write the directory that the files are to go to'));
  } else {
    findings.push(...listFindings(paths));
  }
  return [...new Set(paths)].sort();
}

/** The destination holds each path under its last name, so these must be different names in one place. */
function listFindings(paths: readonly string[]): readonly Finding[] {
  const outerOf = (path: string) => paths.find((other) => other !== path && isInside(path, other));
  const parent = posix.dirname(String(paths.find((path) => outerOf(path) === undefined)));
  return paths.flatMap((path, index): readonly Finding[] => {
    const at = ['spec', 'path', index];
    if (paths.indexOf(path) !== index)
      return [errorAt('CS016', at, `${path} is in the list twice`, 'keep one of the two')];
    const outer = outerOf(path);
    if (outer !== undefined) {
      return [errorAt('CS016', at, `${path} is inside ${outer}, which is in the list too`, 'leave one of the two out')];
    }
    const name = posix.basename(path);
    if (isSnapshotFolder(name) && paths.length > 1) {
      const message = `${path} is always left out, because a file system shows its snapshots in ${name}`;
      return [errorAt('CS016', at, message, 'leave it out of the list, or name one snapshot in a task of its own')];
    }
    if (posix.dirname(path) === parent) return [];
    const message = `all paths of the list must be in the same directory; ${path} is not directly in ${parent}`;
    const hint = 'write one task for each directory, or name the directory that holds them all and choose by include';
    return [errorAt('CS016', at, message, hint)];
  });
}
