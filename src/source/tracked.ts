import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findCheckout } from './git.ts';
import { gitIn } from './git-process.ts';

/**
 * A repository is somebody's, and its configuration may name programs for Git to start. To list names in the index takes
 * none of them. Nothing is done there, so that whose repository it is does not matter.
 */
const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'safe.directory=*'];

/**
 * Whether Git tracks a file at or below a path, so that a commit could write it. Where Git cannot tell, as it is not
 * installed, it is taken for no.
 */
export async function isTrackedByGit(path: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const place = await realPlace(path);
  if (place === null || (await findCheckout(place.folder)) === null) return false;
  const git = gitIn(place.folder, environment);
  const listed = await git([...quiet, 'ls-files', '-z', '--cached', '--', place.rest]);
  return listed.exitCode === 0 && listed.stdout !== '';
}

interface RealPlace {
  /** The nearest folder above the path, links resolved. */
  readonly folder: string;
  /** From there to the path. */
  readonly rest: string;
}

/** What is tracked may be gone from the disk, with folders above it; `null`: nothing of the way is to be seen. */
async function realPlace(path: string): Promise<RealPlace | null> {
  for (let above = dirname(path), rest = basename(path); ; rest = join(basename(above), rest), above = dirname(above)) {
    const folder = await realpath(above).catch(() => null);
    if (folder !== null && rest !== '') return { folder, rest };
    if (above === dirname(above)) return null;
  }
}
