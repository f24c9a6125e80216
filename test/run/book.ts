import { readFile } from 'node:fs/promises';
import type { Event } from '../../src/model/event.ts';
import type { TaskHistory } from '../../src/model/history.ts';
import { noMemory } from '../../src/model/memory.ts';
import { createMemories, type Memories } from '../../src/run/memories.ts';
import { createRunBook, type RunBook } from '../../src/run/run-book.ts';
import type { RunOrder } from '../../src/run/run-order.ts';
import { type Journal, openJournal } from '../../src/state/journal.ts';
import { parseJournal, type UnfinishedRun } from '../../src/state/journal-entry.ts';
import type { StateDirectory } from '../../src/state/state-directory.ts';
import { resolvedTask } from '../helper/build.ts';

export interface BookOnDisk extends AsyncDisposable {
  readonly book: RunBook;
  readonly journal: Journal;
  readonly events: Event[];
  /** What the journal on the disk knows to be open. */
  unfinished(): Promise<readonly UnfinishedRun[]>;
  historyOnDisk(task: string): Promise<TaskHistory>;
}

/** Of a state directory in which nothing is corrupt. */
export function memoriesIn(state: StateDirectory): Memories {
  return createMemories({ state, onCorrupt: 'leave', onError: () => {} });
}

export async function bookIn(state: StateDirectory, known = new Map<string, TaskHistory>()): Promise<BookOnDisk> {
  const events: Event[] = [];
  const journal = await openJournal(state);
  const book = createRunBook({ state, journal, histories: known, emit: (event) => events.push(event) });
  return {
    ...{ book, journal, events },
    [Symbol.asyncDispose]: journal.close,
    unfinished: async () => parseJournal(await readFile(state.journal, 'utf8').catch(() => '')).unfinished,
    historyOnDisk: async (task) => JSON.parse(await readFile(`${state.history}/${task}.json`, 'utf8')) as TaskHistory,
  };
}

export function order(runId: string, part: Partial<RunOrder> = {}): RunOrder {
  return {
    task: resolvedTask(),
    runId,
    trigger: 'manual',
    token: null,
    dryRun: false,
    allowDeletes: null,
    memory: noMemory,
    ...part,
  };
}
