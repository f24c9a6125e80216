import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../model/system-error.ts';

/** A file of lines that keeps its end. Nothing here is meant to run at the same time as another call. */
export interface LogFile {
  /** Whole lines; either all of them are in the file afterwards, or none, and it throws what the system said. */
  append(chunk: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Stands for lines that are gone, with their sum in bytes. */
export function truncationMark(droppedBytes: number): Buffer {
  return Buffer.from(`${JSON.stringify({ type: 'Truncated', droppedBytes })}\n`);
}

/** Opens or makes the file, with its folder, but not what is above: a state directory that is gone stays gone. It stays below `maxBytes`, if no single chunk is larger than half of it. */
export async function openLogFile(path: string, maxBytes: number): Promise<LogFile> {
  await mkdir(dirname(path), { mode: 0o700 }).catch(ignoreExisting);
  let handle = await open(path, 'a+', 0o600);
  let sizeBytes = (await handle.stat()).size;
  let droppedBytes = 0;
  /** Of the line that stands for those. */
  let markBytes = 0;

  /** Rewrites the file aside: someone may be reading it. */
  async function dropOlderHalf(): Promise<void> {
    const keepBytes = Math.min(sizeBytes, Math.floor(maxBytes / 4));
    const tail = Buffer.alloc(keepBytes);
    await handle.read(tail, 0, keepBytes, sizeBytes - keepBytes);
    const whole = tail.subarray(tail.indexOf('\n') + 1);
    const dropped = droppedBytes + sizeBytes - markBytes - whole.length;
    const mark = truncationMark(dropped);
    const shorter = await writeAside(path, Buffer.concat([mark, whole]));
    await handle.close();
    handle = shorter;
    sizeBytes = (await handle.stat()).size;
    droppedBytes = dropped;
    markBytes = mark.length;
  }

  return {
    async append(chunk) {
      if (sizeBytes + chunk.length > maxBytes) await dropOlderHalf();
      try {
        await handle.appendFile(chunk);
        sizeBytes += chunk.length;
      } catch (error) {
        // Half a line is no JSON. What is not a plain file cannot be cut, and holds nothing either.
        await handle.truncate(sizeBytes).catch(() => undefined);
        throw error;
      }
    },
    close: () => handle.close(),
  };
}

async function writeAside(path: string, content: Buffer): Promise<FileHandle> {
  const temporary = `${path}.tmp`;
  const handle = await open(temporary, 'w+', 0o600);
  try {
    await handle.writeFile(content);
    await rename(temporary, path);
    return handle;
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function ignoreExisting(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
