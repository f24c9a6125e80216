import type { TaskSpec } from '../model/task.ts';

/** For people: the credential, and the place at it. */
export function farName({ remote }: TaskSpec): string {
  const place = [remote.bucket, remote.folder].filter((part) => part !== null && part !== '').join('/');
  return `${remote.credential ?? remote.rcloneRemote}:${place}`;
}
