import { lstat, open, rm, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { errorCode } from '../model/system-error.ts';
import { isCommit } from './git.ts';
import { readIdentity } from './identity.ts';

export type StatusPlacement = 'beside' | 'readOnly' | 'swappedCheckout';

/**
 * Where status files can live: beside the manifests, or not, because the directory cannot be written or is replaced
 * as a whole with each commit. A directory that does not exist yet counts as `beside`.
 */
export async function statusPlacement(directory: string): Promise<StatusPlacement> {
  const { links, real } = await readIdentity(directory);
  if (!real.ok) return 'beside';
  if (links.some(isPublishedWorktree) || (await isProjectedVolume(real.value))) return 'swappedCheckout';
  return (await canWrite(real.value)) ? 'beside' : 'readOnly';
}

/** git-sync links to `.worktrees/<commit>`, and older versions to `<commit>`. */
function isPublishedWorktree(link: string): boolean {
  return isCommit(basename(link)) || link.split(sep).includes('.worktrees');
}

/** Kubernetes shows a ConfigMap through a link `..data`; names that start with two dots are reserved for that. */
async function isProjectedVolume(directory: string): Promise<boolean> {
  if (directory.split(sep).some((name) => name.startsWith('..'))) return true;
  const data = await lstat(join(directory, '..data')).catch(() => null);
  return data?.isSymbolicLink() === true;
}

/** Permission bits do not tell on a read-only mount or a network share, so it is tried. */
async function canWrite(directory: string): Promise<boolean> {
  const probe = join(directory, `.cloudsync-${process.pid}.tmp`);
  try {
    await (await open(probe, 'w', 0o600)).close();
    await rm(probe, { force: true });
    return true;
  } catch (error) {
    // A full disk is no property of the layout.
    return ['ENOSPC', 'EDQUOT'].includes(errorCode(error)) && (await stat(directory)).isDirectory();
  }
}
