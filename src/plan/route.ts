import { posix } from 'node:path';
import type { ResolvedTask } from '../model/desired.ts';

/** Where a task's files come from and go to, in words. */
export interface Route {
  readonly source: string;
  readonly destination: string;
}

export function routeOf(task: ResolvedTask): Route {
  const local = task.spec.paths.join(', ');
  const remote = remoteOf(task);
  return task.spec.direction === 'PUSH'
    ? { source: local, destination: remote }
    : { source: remote, destination: local };
}

/** Where replaced and deleted files are kept; `null`: nowhere. */
export function backupPlaceOf(task: ResolvedTask): string | null {
  const { backupFolder } = task.spec.safety;
  if (backupFolder === null) return null;
  const { destination } = routeOf(task);
  return /[:/]$/.test(destination) ? `${destination}${backupFolder}` : `${destination}/${backupFolder}`;
}

/** What the far side calls each path of a list; `null` for a task with one path, which has no name there. */
export function namesOf({ spec }: ResolvedTask): readonly string[] | null {
  return spec.paths.length > 1 ? spec.paths.map((path) => posix.basename(path)) : null;
}

/** As short as it can be told: the bucket's name, the directory of a local credential, or else the credential's name. */
function remoteOf({ spec, credential }: ResolvedTask): string {
  const { bucket, folder, rcloneRemote } = spec.remote;
  const path = [bucket ?? '', folder].filter((part) => part !== '').join('/');
  if (rcloneRemote !== null) return `${rcloneRemote}:${path}`;
  if (bucket !== null) return path;
  if (credential?.provider === 'local') {
    const { root } = credential.options;
    if (typeof root === 'string') return `${root}/${path}`.replace(/\/+$/, '');
  }
  return `${spec.remote.credential}:${path}`;
}
