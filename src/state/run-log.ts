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
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let droppedBytes = 0;
  let file: LogFile | null = null;
  let flushing: Promise<void> | null = null;
  let reported = false;

  /** rclone can write faster than the disk takes it, and the end is what tells why a run failed. */
  function hold(lines: readonly Buffer[]): void {
    pending.push(...lines);
    pendingBytes = pending.reduce((sum, line) => sum + line.length, 0);
    while (pendingBytes > maxBytes / 4) {
      const oldest = pending.shift()?.length ?? 0;
      pendingBytes -= oldest;
      droppedBytes += oldest;
    }
  }

  function take(): readonly Buffer[] {
    const lines = droppedBytes > 0 ? [truncationMark(droppedBytes), ...pending] : pending;
    pending = [];
    droppedBytes = 0;
    return lines;
  }

  async function flush(): Promise<void> {
    // What is appended in the same turn goes out in one write.
    await Promise.resolve();
    while (pending.length > 0) {
      const lines = take();
      try {
        file ??= await openLogFile(path, maxBytes);
        await file.append(Buffer.concat(lines));
      } catch (error) {
        if (!reported) onError(systemWords(error));
        reported = true;
        // The next record tries again: a full disk may have room by then.
        const later = pending;
        pending = [];
        hold([...lines, ...later]);
        break;
      }
    }
    flushing = null;
  }

  return {
    append(record) {
      hold([Buffer.from(`${JSON.stringify(record)}\n`)]);
      flushing ??= flush();
    },
    async close() {
      await flushing;
      if (pending.length > 0) await flush();
      await file?.close().catch(() => undefined);
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
