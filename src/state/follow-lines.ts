import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { jsonIn, recordOf } from '../model/json-text.ts';

interface FollowOptions {
  /** Whether more lines may come. */
  readonly goesOn: () => boolean;
  readonly signal: AbortSignal;
}

/** Events of file systems get lost, and whoever reads a log live does not notice this. */
const intervalMs = 200;

/** The lines of a log file as they are written. One that is not there yet is waited for. */
export async function* followLines(path: string, { goesOn, signal }: FollowOptions): AsyncGenerator<string> {
  /** In bytes of all lines there ever were: the file loses its oldest when it grows too large. */
  let position = 0;
  while (!signal.aborted) {
    const isLast = !goesOn();
    const handle = await open(path, 'r').catch(() => null);
    if (handle !== null) {
      try {
        const { mark, markBytes, droppedBytes } = await headOf(handle);
        if (mark !== null && position < droppedBytes) yield mark;
        position = Math.max(position, droppedBytes);
        for await (const line of wholeLines(handle, markBytes + position - droppedBytes)) {
          position += line.length + 1;
          yield line.toString('utf8');
        }
      } finally {
        await handle.close();
      }
    }
    if (isLast) return;
    await pause(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Head {
  /** The first line, where it stands for others that are gone. */
  readonly mark: string | null;
  readonly markBytes: number;
  readonly droppedBytes: number;
}

async function headOf(handle: FileHandle): Promise<Head> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(128), 0, 128, 0);
  const end = buffer.subarray(0, bytesRead).indexOf('\n');
  const mark = buffer.toString('utf8', 0, Math.max(0, end));
  const droppedBytes = droppedBy(mark);
  return droppedBytes === 0
    ? { mark: null, markBytes: 0, droppedBytes }
    : { mark, markBytes: Buffer.byteLength(mark) + 1, droppedBytes };
}

function droppedBy(line: string): number {
  const { type, droppedBytes } = recordOf(jsonIn(line));
  return type === 'Truncated' ? Number(droppedBytes) : 0;
}

/** What follows the last line end is still being written. */
async function* wholeLines(handle: FileHandle, start: number): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of handle.createReadStream({ start, autoClose: false })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
  }
}
