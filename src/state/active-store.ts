import { copyFile, readFile, stat } from 'node:fs/promises';
import type { ActiveChanges, ActiveSet, CredentialOwners } from '../model/active.ts';
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
  /** The files that credentials were applied from. */
  owners(): CredentialOwners;
  /**
   * Durable once it resolves with the new set; on an error, in the system's words, the set is what it was. What is
   * removed is kept in the archive under its name and `at`.
   */
  record(changes: ActiveChanges, at: number): Promise<Result<ActiveSet, string>>;
  /** Writes the log anew, where its file was lost. */
  rewrite(): Promise<Result<void, string>>;
}

/** What was last applied, for those who do not own the state directory. */
export interface AppliedState {
  readonly tasks: ActiveSet;
  readonly owners: CredentialOwners;
}

/** The tasks of it, by name. */
export async function readActiveSet(state: StateDirectory): Promise<Result<ActiveSet, string>> {
  const read = await readApplied(state);
  return read.ok ? ok(read.value.tasks) : read;
}

/** The error is a sentence. */
export async function readApplied(state: StateDirectory): Promise<Result<AppliedState, string>> {
  try {
    const { tasks, owners } = await readLog(state);
    return ok({ tasks, owners });
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
  let { tasks, owners, entries } = found;
  /** Tells the file that holds these tasks and can be added to; `null` when there is none. */
  let identity = found.isWhole ? await identityAt(state.active) : null;
  let recording: Promise<unknown> = Promise.resolve();

  async function add(changes: ActiveChanges): Promise<Result<void, string>> {
    const added = await appendDurably(state.active, linesOf(changes));
    // After half a write nothing may follow, even where it could be taken back.
    identity = added.ok ? added.value : null;
    return added.ok ? ok(undefined) : added;
  }

  async function rewrite(all: AppliedState): Promise<Result<void, string>> {
    const written = await writeDurably(
      state.active,
      linesOf({
        writes: [...all.tasks.values()],
        removes: [],
        owners: { writes: [...all.owners.values()], removes: [] },
      }),
    );
    identity = written.ok ? await identityAt(state.active) : null;
    return written;
  }

  async function recordNow(changes: ActiveChanges, at: number): Promise<Result<ActiveSet, string>> {
    const { removes } = changes;
    const count = countOf(changes);
    if (count === 0) return ok(tasks);
    const gone = removes.flatMap((name) => tasks.get(name) ?? []);
    const archived = await archiveTasks(state, gone, at);
    if (!archived.ok) return archived;
    const after = changed({ tasks, owners }, changes);
    const isMostlyVoid = entries + count > 2 * (after.tasks.size + after.owners.size);
    const isOurs = identity !== null && identity === (await identityAt(state.active));
    const isRewritten = isMostlyVoid || !isOurs;
    const written = await (isRewritten ? rewrite(after) : add(changes));
    if (!written.ok) {
      await takeBack(archived.value);
      return written;
    }
    ({ tasks, owners } = after);
    entries = isRewritten ? tasks.size + owners.size : entries + count;
    return ok(tasks);
  }

  // What cannot be kept is left where it is.
  if (found.faults.length > 0 && (await keepCorrupt(state, found, onCorrupt))) await rewrite({ tasks, owners });
  return {
    tasks: () => tasks,
    owners: () => owners,
    record(changes, at) {
      const recorded = recording.then(() => recordNow(changes, at));
      recording = recorded;
      return recorded;
    },
    rewrite() {
      const written = recording.then(() => rewrite({ tasks, owners }));
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

function countOf({ writes, removes, owners }: ActiveChanges): number {
  return writes.length + removes.length + (owners === undefined ? 0 : owners.writes.length + owners.removes.length);
}

function linesOf({ writes, removes, owners }: ActiveChanges): string {
  const set = writes.map((task) => activeLine({ type: 'set', task }));
  const remove = removes.map((name) => activeLine({ type: 'remove', name }));
  const own = (owners?.writes ?? []).map((credential) => activeLine({ type: 'own', credential }));
  const disown = (owners?.removes ?? []).map((name) => activeLine({ type: 'disown', credential: { name } }));
  return [...set, ...remove, ...own, ...disown].join('');
}

/** Who finds the tasks or the owners to be the same object knows that they are the same. */
function changed({ tasks, owners }: AppliedState, changes: ActiveChanges): AppliedState {
  const { writes, removes } = changes;
  const after = new Map(tasks);
  for (const task of writes) after.set(task.name, task);
  for (const name of removes) after.delete(name);
  if (changes.owners === undefined || changes.owners.writes.length + changes.owners.removes.length === 0) {
    return { tasks: after, owners };
  }
  const ownersAfter = new Map(owners);
  for (const owner of changes.owners.writes) ownersAfter.set(owner.name, owner);
  for (const name of changes.owners.removes) ownersAfter.delete(name);
  return { tasks: writes.length + removes.length === 0 ? tasks : after, owners: ownersAfter };
}

async function identityAt(path: string): Promise<string | null> {
  return stat(path).then(identityOf, () => null);
}
