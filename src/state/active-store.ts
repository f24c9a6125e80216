import { copyFile, readFile, stat } from 'node:fs/promises';
import type { ActiveChanges, ActiveSet } from '../model/active.ts';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { activeLine, emptyActiveLog, type ParsedActiveLog, parseActiveLog } from './active-log.ts';
import { appendDurably, identityOf } from './append.ts';
import { archiveTasks, takeBack } from './archive.ts';
import { writeDurably } from './atomic-write.ts';
import { type CorruptFile, setAside } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** What was last applied, for its one owner. */
export interface ActiveStore {
  tasks(): ActiveSet;
  /**
   * Durable once it resolves with the new set; on an error, in the system's words, the set is what it was. What is
   * removed is kept in the archive under its name and `at`.
   */
  record(changes: ActiveChanges, at: number): Promise<Result<ActiveSet, string>>;
  /** Writes the log anew, where its file was lost. */
  rewrite(): Promise<Result<void, string>>;
}

/** What was last applied, by task name, for those who do not own the state directory. The error is a sentence. */
export async function readActiveSet(state: StateDirectory): Promise<Result<ActiveSet, string>> {
  try {
    return ok((await readLog(state)).tasks);
  } catch (error) {
    const isForbidden = ['EACCES', 'EPERM'].includes(errorCode(error));
    const wayOut = isForbidden
      ? 'Run this as the user that the daemon runs as.'
      : 'A daemon sets it aside when it starts.';
    return err(`What is active cannot be read from ${state.active}: ${systemWords(error)}. ${wayOut}`);
  }
}

/**
 * The active set is a log of its changes, which is written anew when most of it is void. A line that cannot be used is
 * left out, and the log that holds it is kept beside the new one.
 */
export async function openActiveStore(
  state: StateDirectory,
  onCorrupt: (corrupt: CorruptFile) => void,
): Promise<ActiveStore> {
  const found = await readLog(state).catch(async (error: unknown) => {
    await setAside(state.active, systemWords(error), onCorrupt);
    return emptyActiveLog;
  });
  let { tasks, entries } = found;
  /** Tells the file that holds these tasks and can be added to; `null` when there is none. */
  let identity = found.isWhole ? await identityAt(state.active) : null;
  let recording: Promise<unknown> = Promise.resolve();

  async function add(changes: ActiveChanges): Promise<Result<void, string>> {
    const added = await appendDurably(state.active, linesOf(changes));
    // After half a write nothing may follow, even where it could be taken back.
    identity = added.ok ? added.value : null;
    return added.ok ? ok(undefined) : added;
  }

  async function rewrite(set: ActiveSet): Promise<Result<void, string>> {
    const written = await writeDurably(state.active, linesOf({ writes: [...set.values()], removes: [] }));
    identity = written.ok ? await identityAt(state.active) : null;
    return written;
  }

  async function recordNow(changes: ActiveChanges, at: number): Promise<Result<ActiveSet, string>> {
    const { writes, removes } = changes;
    const count = writes.length + removes.length;
    if (count === 0) return ok(tasks);
    const gone = removes.flatMap((name) => tasks.get(name) ?? []);
    const archived = await archiveTasks(state, gone, at);
    if (!archived.ok) return archived;
    const after = changed(tasks, changes);
    const isMostlyVoid = entries + count > 2 * after.size;
    const isOurs = identity !== null && identity === (await identityAt(state.active));
    const isRewritten = isMostlyVoid || !isOurs;
    const written = await (isRewritten ? rewrite(after) : add(changes));
    if (!written.ok) {
      await takeBack(archived.value);
      return written;
    }
    tasks = after;
    entries = isRewritten ? after.size : entries + count;
    return ok(after);
  }

  // What cannot be kept is left where it is.
  if (found.faults.length > 0 && (await keepCorrupt(state, found, onCorrupt))) await rewrite(tasks);
  return {
    tasks: () => tasks,
    record(changes, at) {
      const recorded = recording.then(() => recordNow(changes, at));
      recording = recorded;
      return recorded;
    },
    rewrite() {
      const written = recording.then(() => rewrite(tasks));
      recording = written;
      return written;
    },
  };
}

async function readLog(state: StateDirectory): Promise<ParsedActiveLog> {
  const content = await readFile(state.active).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  return content === null ? emptyActiveLog : parseActiveLog(content);
}

/** Copied and not renamed: a crash right after a rename would leave no active set at all. */
async function keepCorrupt(
  { active: path }: StateDirectory,
  { faults }: ParsedActiveLog,
  onCorrupt: (corrupt: CorruptFile) => void,
): Promise<boolean> {
  const copy = `${path}.corrupt`;
  const isKept = await copyFile(path, copy).then(
    () => true,
    () => false,
  );
  const [first] = faults;
  const others = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
  const detail = `line ${first?.line}: ${first?.detail}${others}`;
  onCorrupt({ path, movedTo: isKept ? copy : path, detail });
  return isKept;
}

function linesOf({ writes, removes }: ActiveChanges): string {
  const set = writes.map((task) => activeLine({ type: 'set', task }));
  const remove = removes.map((name) => activeLine({ type: 'remove', name }));
  return [...set, ...remove].join('');
}

function changed(tasks: ActiveSet, { writes, removes }: ActiveChanges): ActiveSet {
  const after = new Map(tasks);
  for (const task of writes) after.set(task.name, task);
  for (const name of removes) after.delete(name);
  return after;
}

async function identityAt(path: string): Promise<string | null> {
  return stat(path).then(identityOf, () => null);
}
