import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';

/**
 * Adds to the end of a file, durably, and gives what tells the file as it is then. After an error, in the system's
 * words, a part of the text may be there.
 */
export async function appendDurably(path: string, text: string): Promise<Result<string, string>> {
  try {
    const handle = await open(path, 'a', 0o600);
    try {
      const { size } = await handle.stat();
      try {
        await handle.appendFile(text);
        await handle.datasync();
      } catch (error) {
        await handle.truncate(size).catch(() => undefined);
        throw error;
      }
      return ok(identityOf(await handle.stat()));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return err(systemWords(error));
  }
}

/** Equal as long as nobody else replaces the file or adds to it. */
export function identityOf({ dev, ino, size }: Stats): string {
  return `${dev}:${ino}:${size}`;
}
