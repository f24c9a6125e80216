import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { jsonIn, recordOf } from '../model/json-text.ts';
import { errorCode } from '../model/system-error.ts';
import { isSameProcess, processIdentity } from './process-identity.ts';

/** A holder needs milliseconds. One that was not seen to live for this long has died; it may be in another container. */
const staleMs = 2_000;
const retryMs = 25;
const maxRetries = 400;

/**
 * Does something while no other process does, by a file that only one can create. Two that find a dead holder at the
 * very same moment may both get in, so the action must look again before it acts. Throws when the file cannot be
 * made, or a living holder does not let go for 10 s.
 */
export async function withMutex<T>(path: string, action: () => Promise<T>): Promise<T> {
  for (let retries = 0; !(await create(path)); retries += 1) {
    if (retries >= maxRetries) throw new Error(`another process does not let go of ${path}`);
    if (await isStale(path)) await rm(path, { force: true });
    else await pause(retryMs);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(processIdentity), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  if (stats === null || Date.now() - stats.mtimeMs < staleMs) return false;
  const holder = await readFile(path, 'utf8').catch(() => '');
  return !isAlive(holder);
}

function isAlive(holder: string): boolean {
  const { pid, startTime, bootId } = recordOf(jsonIn(holder));
  if (typeof pid !== 'number' || typeof startTime !== 'string' || typeof bootId !== 'string') return false;
  return isSameProcess({ pid, startTime, bootId });
}
