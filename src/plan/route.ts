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
