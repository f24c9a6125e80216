import { dirname } from 'node:path';
import type { ResolvedTask } from '../../model/desired.ts';
import type { FileSystemFacts } from '../../model/memory.ts';
import { fileSystemOf, isSameFileSystem } from '../../place/disk/file-system.ts';
import { readPlace } from '../../place/disk/read-place.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/**
 * A disk that is not mounted looks like an empty directory, or like one that has to be made: a run would write to the
 * disk below. So a root is never made, and it lies on the file system that it was on.
 */
export const rootGuard: Guard = async ({ task, memory, pen, around }) => {
  const found: Record<string, FileSystemFacts> = {};
  for (const { path, newNames } of rootsOf(task)) {
    const place = await readPlace(path);
    if (!place.ok) return cannotTell({ message: place.error, retryable: false });
    const { missing } = place.value;
    if (missing.length > newNames) {
      const absent = newNames === 0 ? path : dirname(path);
      return blocked(`the directory ${absent} does not exist; check that its disk is mounted, or make it`);
    }
    const fileSystem = await fileSystemOf(place.value);
    if (fileSystem === null) continue;
    found[path] = fileSystem;
    const before = memory.success?.fileSystems?.[path];
    if (before === undefined || isSameFileSystem(before, fileSystem) || around.acceptFileSystem) continue;
    return blocked(
      `${path} is on another file system (${fileSystem.name}) than at the last success (${before.name}); ` +
        `mount the disk, or if this is meant: cloudsync run ${task.name} --accept-file-system`,
    );
  }
  pen.onSuccess({ fileSystems: found });
  return pass;
};

interface Root {
  readonly path: string;
  /** How many names at its end a run may make. */
  readonly newNames: number;
}

/** What a source holds is for another guard to say: a file may be gone for good reasons. */
function rootsOf({ spec, credential }: ResolvedTask): readonly Root[] {
  const { root } = credential?.provider === 'local' ? credential.options : {};
  const own = spec.paths.map((path) => ({ path, newNames: spec.direction === 'PULL' ? 1 : Number.POSITIVE_INFINITY }));
  return typeof root === 'string' ? [{ path: root, newNames: 0 }, ...own] : own;
}
