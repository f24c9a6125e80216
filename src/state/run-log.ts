import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';
import { type LogFile, openLogFile, truncationMark } from './log-file.ts';

/** The log of one run: a line of JSON for each record. */
export interface RunLog {
  /** Never waits and never fails; what cannot be written is reported once. */
  append(record: object): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

export interface RunLogOptions {
  /** The file stays below this; where lines had to go, `{"type":"Truncated","droppedBytes":…}` stands for them. */
  readonly maxBytes: number;
  /** Called once, with the system's words, however many writes fail. */
  readonly onError: (detail: string) => void;
}

/** Creates the file, with its folder, at the first record; for this user's eyes only. */
export function createRunLog(path: string, { maxBytes, onError }: RunLogOptions): RunLog {
  const pending = createPending(maxBytes / 4);
  let file: LogFile | null = null;
  let flushing: Promise<void> | null = null;
  let reported = false;

  async function flush(): Promise<void> {
    // What is appended in the same turn goes out in one write.
    await Promise.resolve();
    while (!pending.isEmpty()) {
      const lines = pending.take();
      try {
        file ??= await openLogFile(path, maxBytes);
        await file.append(Buffer.concat(lines));
      } catch (error) {
        if (!reported) onError(systemWords(error));
        reported = true;
        // The next record tries again: a full disk may have room by then.
        pending.putBack(lines);
        break;
      }
    }
    flushing = null;
  }

  return {
    append(record) {
      pending.add(Buffer.from(`${JSON.stringify(record)}\n`));
      flushing ??= flush();
    },
    async close() {
      await flushing;
      if (!pending.isEmpty()) await flush();
      await file?.close().catch(() => undefined);
    },
  };
}

/** Lines that wait to be written. */
interface Pending {
  isEmpty(): boolean;
  add(line: Buffer): void;
  take(): readonly Buffer[];
  /** Before those that were added since. */
  putBack(lines: readonly Buffer[]): void;
}

/**
 * rclone can write faster than the disk takes it, and the end of a log tells why a run failed: above `maxBytes` the oldest
 * lines go. A line costs the same however many wait.
 */
function createPending(maxBytes: number): Pending {
  let lines: Buffer[] = [];
  /** The index of the oldest line that is kept; those before it are gone. */
  let first = 0;
  let bytes = 0;
  let droppedBytes = 0;

  function add(line: Buffer): void {
    lines.push(line);
    bytes += line.length;
    for (let oldest = lines[first]; bytes > maxBytes && oldest !== undefined; oldest = lines[first]) {
      first += 1;
      bytes -= oldest.length;
      droppedBytes += oldest.length;
    }
    if (first <= lines.length / 2) return;
    lines = lines.slice(first);
    first = 0;
  }

  function take(): readonly Buffer[] {
    const kept = lines.slice(first);
    const taken = droppedBytes > 0 ? [truncationMark(droppedBytes), ...kept] : kept;
    lines = [];
    first = 0;
    bytes = 0;
    droppedBytes = 0;
    return taken;
  }

  return {
    isEmpty: () => first === lines.length,
    add,
    take,
    putBack(older) {
      const later = take();
      for (const line of [...older, ...later]) add(line);
    },
  };
}

/** The lines of a log, also while it is being written. The error is in the system's words. */
export async function readRunLog(path: string): Promise<Result<AsyncIterable<string>, string>> {
  try {
    const handle = await open(path, 'r');
    return ok(handle.readLines());
  } catch (error) {
    return err(systemWords(error));
  }
}
