import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Settings } from '../daemon/settings.ts';
import { errorCode } from '../model/system-error.ts';
import type { Shell } from './shell.ts';

/** Makes a file, with the folders above it. What is there already is left as it is, whatever it is. */
export async function writeNewFile(path: string, text: string): Promise<'written' | 'exists'> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, text, { flag: 'wx' });
    return 'written';
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return 'exists';
    throw error;
  }
}

export interface NewManifest {
  /** Relative to the tasks directory. */
  readonly path: string;
  readonly text: string;
}

/** Writes manifests one after the other and tells each; false at the first that is there already. */
export async function writeNewManifests(
  manifests: readonly NewManifest[],
  { tasksName, tasksDirectory }: Pick<Settings, 'tasksName' | 'tasksDirectory'>,
  terminal: Shell['terminal'],
): Promise<boolean> {
  for (const { path, text } of manifests) {
    if ((await writeNewFile(join(tasksDirectory, path), text)) === 'exists') {
      terminal.note(`cloudsync: ${join(tasksName, path)} exists already, and was left as it is`);
      return false;
    }
    terminal.print(`Wrote ${join(tasksName, path)}`);
  }
  return true;
}
