import { rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Lets the link `last` beside the state directories lead to the one that a daemon used last, for people who look for it.
 * Nothing of ours follows it, and without it nothing is missing.
 */
export async function pointLastTo(stateDirectory: string): Promise<void> {
  const folder = dirname(stateDirectory);
  const temporary = join(folder, `.last.${process.pid}.tmp`);
  try {
    await rm(temporary, { force: true });
    await symlink(basename(stateDirectory), temporary);
    await rename(temporary, join(folder, 'last'));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
