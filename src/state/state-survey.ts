import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { distrustOf } from './trusted-directory.ts';

/**
 * Why a state directory must not be moved as it is: what is a link or something else than a file or folder would lead
 * elsewhere, and what another user owns may hold what that user wants to have run. `null`: nothing of the kind.
 */
export async function surveyState(directory: string, skipped: readonly string[]): Promise<string | null> {
  return (await distrustOf(directory)) ?? surveyFolder(directory, skipped);
}

async function surveyFolder(folder: string, skipped: readonly string[] = []): Promise<string | null> {
  const self = process.getuid?.();
  for (const name of await readdir(folder)) {
    if (skipped.includes(name)) continue;
    const path = join(folder, name);
    const stats = await lstat(path);
    if (!stats.isDirectory() && !stats.isFile()) {
      const what = stats.isSymbolicLink() ? 'a link' : 'no file and no folder';
      return `${path} is ${what}, which no state holds. Look at it, remove it, and run this again.`;
    }
    if (stats.uid !== self) return `${path} belongs to user ${stats.uid}. Run this as the user that the daemon ran as.`;
    const inner = stats.isDirectory() ? await surveyFolder(path) : null;
    if (inner !== null) return inner;
  }
  return null;
}
