import { join } from 'node:path';
import { emptyHistory, type TaskHistory } from '../model/history.ts';
import { writeHistory } from '../state/history-store.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** The histories of all tasks: in memory always the latest, on the disk as soon as it takes them. */
export interface Histories {
  of(task: string): TaskHistory;
  /** Resolves when this, or what came later, was written, or cannot be written for now. */
  keep(task: string, history: TaskHistory): Promise<void>;
  /** Tries again what could not be written, and resolves when no write is under way. */
  flush(): Promise<void>;
  /** Writes every history again, and resolves when no write is under way. */
  rewrite(): Promise<void>;
}

interface HistoriesOptions {
  readonly state: StateDirectory;
  /** As they were read; becomes the property of the result. */
  readonly known: Map<string, TaskHistory>;
  /** This history is on the disk; a later one may have been kept meanwhile. */
  readonly onWritten: (task: string, history: TaskHistory) => Promise<void>;
  /** Called once for each row of failures. The path is relative to the state directory. */
  readonly onError: (path: string, detail: string) => void;
}

/** Each holds a file open meanwhile, and there are as many histories as tasks. */
const writtenAtOnce = 16;

export function createHistories({ state, known, onWritten, onError }: HistoriesOptions): Histories {
  const writing = new Map<string, Promise<void>>();
  const failing = new Set<string>();

  async function writeLatest(task: string): Promise<void> {
    const latest = known.get(task) ?? emptyHistory;
    const written = await writeHistory(state, task, latest);
    if (written.ok) {
      failing.delete(task);
      await onWritten(task, latest);
      return;
    }
    if (!failing.has(task)) onError(join('history', `${task}.json`), written.error);
    failing.add(task);
  }

  /** One write of a history follows the other. */
  function write(task: string): Promise<void> {
    const written = (writing.get(task) ?? Promise.resolve()).then(() => writeLatest(task));
    writing.set(task, written);
    return written;
  }

  return {
    of: (task) => known.get(task) ?? emptyHistory,
    keep(task, history) {
      known.set(task, history);
      return write(task);
    },
    async flush() {
      for (const task of failing) void write(task);
      await Promise.all(writing.values());
    },
    async rewrite() {
      const tasks = [...known.keys()];
      for (let index = 0; index < tasks.length; index += writtenAtOnce) {
        await Promise.all(tasks.slice(index, index + writtenAtOnce).map(write));
      }
      await Promise.all(writing.values());
    },
  };
}
