import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { isRecord } from '../model/json-text.ts';
import { errorCode, systemWords } from '../model/system-error.ts';

/** A state file that cannot be used. `movedTo` is where it lies now; `path` itself when it was left in place. */
export interface CorruptFile {
  readonly path: string;
  readonly movedTo: string;
  readonly detail: string;
}

/** `leave`: only read, for those who do not own the state directory. */
export type OnCorrupt = ((corrupt: CorruptFile) => void) | 'leave';

/**
 * Reads a JSON file into what `parse` makes of it; `null` when there is none. `parse` says what is wrong with the
 * content, and then the file is set aside. Synchronous: thousands are read at start, where the thread pool costs
 * several times the work itself.
 */
export async function readJsonFile<T extends object>(
  path: string,
  parse: (value: unknown) => T | string,
  onCorrupt: OnCorrupt,
): Promise<T | null> {
  const value = parseText(path, parse);
  if (typeof value !== 'string') return value;
  await setAside(path, value, onCorrupt);
  return null;
}

/** What `parse` is for records by name, none of which may be anything else. */
export function recordsOf<T>(isWhole: (value: unknown) => value is T): (value: unknown) => Map<string, T> | string {
  return (value) => {
    if (!isRecord(value)) return 'the content is not an object';
    const entries = Object.entries(value);
    const whole = entries.filter((entry): entry is [string, T] => isWhole(entry[1]));
    return whole.length === entries.length ? new Map(whole) : 'an entry is not what was written';
  };
}

/** Renames a corrupt file, so that it can be looked into while its content is made anew. */
export async function setAside(path: string, detail: string, onCorrupt: OnCorrupt): Promise<void> {
  if (onCorrupt === 'leave') return;
  const movedTo = `${path}.corrupt`;
  const moved = await rename(path, movedTo).then(
    () => true,
    () => false,
  );
  onCorrupt({ path, movedTo: moved ? movedTo : path, detail });
}

function parseText<T extends object>(path: string, parse: (value: unknown) => T | string): T | string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? null : systemWords(error);
  }
  try {
    return parse(JSON.parse(text));
  } catch {
    return 'the content is not JSON';
  }
}
