import { type FileHandle, open, readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';
import { writeDurably } from './atomic-write.ts';
import { type JournalEntry, parseJournal, type StartedRun, type UnfinishedRun } from './journal-entry.ts';
import { type CorruptFile, setAside } from './json-file.ts';
import { identifyProcess } from './process-identity.ts';
import type { StateDirectory } from './state-directory.ts';

/** What must be known of runs after a crash. Errors are in the system's words. */
export interface Journal {
  /** Runs that an earlier process began and did not end. */
  readonly unfinished: readonly UnfinishedRun[];
  /** On the disk once it resolves: only then may the run begin. */
  starting(run: StartedRun): Promise<Result<void, string>>;
  /** Notes rclone's process, which must be alive now, so that it can be found again. */
  spawned(runId: string, pid: number): Promise<Result<void, string>>;
  /** To be called when the history has the run. */
  finished(runId: string): Promise<Result<void, string>>;
  /** Writes the journal anew with the runs that are open, where its file was lost. */
  rewrite(): Promise<Result<void, string>>;
  close(): Promise<void>;
}

/** Beyond this the journal is emptied as soon as no run is open. */
const maxBytes = 1024 * 1024;

/**
 * Reads the journal, drops what is settled, and goes on at its end. Only the owner of the state directory may. A
 * journal that cannot be read at all is set aside.
 */
export async function openJournal(
  state: StateDirectory,
  onCorrupt: (corrupt: CorruptFile) => void = () => undefined,
): Promise<Journal> {
  const unfinished = await recover(state, onCorrupt);
  /** By id, in the order in which they began. */
  const openRuns = new Map(unfinished.map((run) => [run.runId, entriesOf(run)]));
  let handle: FileHandle | null = null;
  let lengthBytes = 0;
  let writing: Promise<unknown> = Promise.resolve();

  async function appendNow(entry: JournalEntry): Promise<Result<void, string>> {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      if (handle === null) {
        handle = await open(state.journal, 'a', 0o600);
        lengthBytes = (await handle.stat()).size;
      }
      await handle.appendFile(line);
      await handle.datasync();
      lengthBytes += line.length;
      return ok(undefined);
    } catch (error) {
      // Half a line would take the next one with it.
      await handle?.truncate(lengthBytes).catch(() => undefined);
      return err(systemWords(error));
    }
  }

  /** One entry after the other, in the order of the calls. */
  function append(entry: JournalEntry): Promise<Result<void, string>> {
    const written = writing.then(() => appendNow(entry));
    writing = written;
    return written;
  }

  /** What is known of a run while it is open, whether or not the disk takes it. */
  function enter(runId: string, entry: JournalEntry): Promise<Result<void, string>> {
    openRuns.set(runId, [...(openRuns.get(runId) ?? []), entry]);
    return append(entry);
  }

  async function rewriteNow(): Promise<Result<void, string>> {
    await handle?.close();
    handle = null;
    return writeDurably(state.journal, linesOf([...openRuns.values()].flat()));
  }

  async function emptyIfLarge(): Promise<void> {
    if (openRuns.size > 0 || handle === null || lengthBytes < maxBytes) return;
    await handle.truncate(0).then(
      () => {
        lengthBytes = 0;
      },
      () => undefined,
    );
  }

  return {
    unfinished,
    async starting(run) {
      const written = await enter(run.runId, { type: 'starting', ...run });
      if (!written.ok) openRuns.delete(run.runId);
      return written;
    },
    spawned: (runId, pid) => enter(runId, { type: 'spawned', runId, process: identifyProcess(pid) }),
    async finished(runId) {
      openRuns.delete(runId);
      const written = await append({ type: 'finished', runId });
      writing = writing.then(emptyIfLarge);
      return written;
    },
    rewrite() {
      const written = writing.then(rewriteNow);
      writing = written;
      return written;
    },
    async close() {
      await writing;
      await handle?.close();
      handle = null;
    },
  };
}

async function recover(
  state: StateDirectory,
  onCorrupt: (corrupt: CorruptFile) => void,
): Promise<readonly UnfinishedRun[]> {
  const text = await readFile(state.journal, 'utf8').catch(() => '');
  const { unfinished, badLines } = parseJournal(text);
  if (badLines.length > 0) {
    await setAside(state.journal, `line ${badLines[0]} is not an entry of the journal`, onCorrupt);
  }
  // Should this fail, the old journal still says the same, only longer.
  if (text !== '') await writeDurably(state.journal, linesOf(unfinished.flatMap(entriesOf)));
  return unfinished;
}

function entriesOf({ process, ...run }: UnfinishedRun): readonly JournalEntry[] {
  const spawned = process === null ? [] : [{ type: 'spawned', runId: run.runId, process } as const];
  return [{ type: 'starting', ...run }, ...spawned];
}

function linesOf(entries: readonly JournalEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
