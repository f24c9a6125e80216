import { posix } from 'node:path';
import type { ResolvedTask } from '../model/desired.ts';
import type { ManifestContext } from './context.ts';
import { credentialIdentity } from './credential-identity.ts';

/** Where files are, as a text for each place such that one is below the other exactly when it begins with it. */
export interface TaskLocations {
  readonly source: string;
  readonly destination: string;
  readonly local: string;
  readonly remote: string;
}

/** Ends each part, so that `a` does not contain `ab`; no path holds it. */
const end = '\0';

/** One pair for each path: of a list, the far side holds each path under its last name. */
export function taskLocations(task: ResolvedTask, context: ManifestContext): readonly TaskLocations[] {
  const { paths, direction } = task.spec;
  return paths.map((path): TaskLocations => {
    const local = localLocation(path);
    const remote = remoteLocation(task, context) + (paths.length > 1 ? `${posix.basename(path)}${end}` : '');
    return direction === 'PUSH'
      ? { source: local, destination: remote, local, remote }
      : { source: remote, destination: local, local, remote };
  });
}

function localLocation(path: string): string {
  return location('local', path);
}

function location(identity: string, path: string): string {
  return [identity, ...path.split('/').filter((part) => part !== '' && part !== '.'), ''].join(end);
}

function remoteLocation(task: ResolvedTask, context: ManifestContext): string {
  const { credential } = task;
  const { bucket, folder, rcloneRemote } = task.spec.remote;
  if (credential === null) return location(`rclone.conf ${rcloneRemote}`, folder);
  const { root } = credential.options;
  if (credential.provider === 'local' && typeof root === 'string') return localLocation(posix.join(root, folder));
  // To SFTP and FTP a leading slash leaves the home folder; in a bucket it says nothing.
  const absolute = context.providers.get(credential.provider)?.buckets !== true && folder.startsWith('/');
  return location(credentialIdentity(credential), `${absolute ? 'root' : 'home'}/${bucket ?? ''}/${folder}`);
}
