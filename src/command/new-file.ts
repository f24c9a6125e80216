import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../model/system-error.ts';

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
