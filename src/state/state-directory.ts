import { constants } from 'node:fs';
import { lstat, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { distrustOf } from './trusted-directory.ts';

/** Absolute paths of what the state directory holds. */
export interface StateDirectory {
  readonly path: string;
  /** The log of what was applied: what the scheduler works by. */
  readonly active: string;
  /** Tasks that were removed. */
  readonly archive: string;
  /** One file per task: what became of its runs. */
  readonly history: string;
  /** Run logs, one folder per task. */
  readonly runs: string;
  /** One file per task: what its runs leave for the guards of later runs. */
  readonly memory: string;
  /** One file per run that may have left files cut off at a place. */
  readonly cutOff: string;
  /** OAuth tokens, one file per credential. */
  readonly tokens: string;
  /** Texts of scripts that are being run. */
  readonly scripts: string;
  /** Status files, where they cannot lie beside the manifests. */
  readonly status: string;
  readonly journal: string;
  /** What manifests were parsed to; can be made anew. */
  readonly manifests: string;
}

/** Only names; makes and changes nothing, for a dry run and for reading. */
export function stateDirectory(directory: string): StateDirectory {
  const path = resolve(directory);
  const at = (name: string) => join(path, name);
  return {
    path,
    active: at('active.ndjson'),
    archive: at('archive'),
    history: at('history'),
    runs: at('runs'),
    memory: at('memory'),
    cutOff: at('cut-off'),
    tokens: at('tokens'),
    scripts: at('scripts'),
    status: at('status'),
    journal: at('journal.ndjson'),
    manifests: at('manifest-cache'),
  };
}

/**
 * Makes what is missing, for this user's eyes only. What another user may write is refused, as that decides what runs.
 * The error is a sentence for people.
 */
export async function openState(directory: string): Promise<Result<StateDirectory, string>> {
  const state = stateDirectory(directory);
  try {
    const distrust = await distrustOf(state.path);
    if (distrust !== null) return err(distrust);
    await makePrivate(state.path);
    for (const folder of foldersOf(state)) await makePrivate(folder);
    // Where somebody lets it lie in a checkout, nothing of it may be committed.
    await writeFile(join(state.path, '.gitignore'), '*\n', { flag: 'wx' }).catch(ignoreExisting);
    return ok(state);
  } catch (error) {
    return err(await explain(state.path, error));
  }
}

/** The folders below the state directory that files are written to. */
export function foldersOf(state: StateDirectory): readonly string[] {
  return [state.archive, state.history, state.runs, state.memory, state.cutOff, state.tokens];
}

/** Tells the directory that is there now from any other that may take its place; `null` where there is none. */
export async function stateKey({ path }: StateDirectory): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  return stats === null ? null : `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}

/**
 * Only the last folder is made. The one above may be on a volume that is not mounted yet. What is not ours keeps its
 * mode: that of a volume of Kubernetes is its administrator's.
 */
async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting);
  const stats = await lstat(folder);
  if (stats.isSymbolicLink()) throw new InTheWay(folder, 'a link');
  if (!stats.isDirectory()) throw new InTheWay(folder, 'a file');
  if ((stats.mode & 0o077) === 0 || stats.uid !== (process.getuid?.() ?? stats.uid)) return;
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await handle.chmod(0o700);
  } finally {
    await handle.close();
  }
}

function ignoreExisting(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}

/** Something is where a folder should be. */
class InTheWay extends Error {
  constructor(path: string, what: string) {
    super(`there is ${what} in the place of ${path}`);
  }
}

async function explain(path: string, error: unknown): Promise<string> {
  const above = dirname(path);
  const isAboveMissing = (await stat(above).catch(() => null)) === null;
  const reason = isAboveMissing ? `the folder ${above} does not exist` : systemWords(error);
  const advice = isAboveMissing ? 'Make it' : adviceFor(error);
  return `The state directory ${path} cannot be used: ${reason}. ${advice}, or name another with --state-dir.`;
}

/** What helps: not everything is a matter of rights. */
function adviceFor(error: unknown): string {
  if (error instanceof InTheWay) return 'Move that away';
  const code = errorCode(error);
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return 'Make it writable';
  return ['ENOSPC', 'EDQUOT'].includes(code) ? 'Make room there' : 'Mend that';
}
