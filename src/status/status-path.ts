import { isAbsolute, normalize } from 'node:path';

/** Where the status of a manifest lies: `media/photos.yaml` has `media/photos.status.json`. Both are relative. */
export function statusPath(manifestPath: string): string {
  const path = normalize(manifestPath);
  if (isAbsolute(path) || path.split('/').includes('..')) {
    throw new Error(`Internal error: the manifest ${manifestPath} is not inside the tasks directory`);
  }
  return `${path.replace(/\.ya?ml$/, '')}.status.json`;
}
