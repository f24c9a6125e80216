import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { removeLeftovers, syncDirectory, writeDurably } from './atomic-write.ts';
import { holdsState, isBeingMoved, moveMark } from './earlier-state.ts';
import { surveyState } from './state-survey.ts';

export interface StateMove {
  readonly from: string;
  readonly to: string;
  /** Whether it is only said what would be done. */
  readonly dryRun: boolean;
  /** Is told each step before it is taken. */
  onStep(step: string): void;
}

/** What belongs to the process that held the directory, and not to the state. */
const ofHolder = ['daemon.sock', 'daemon.pid', 'daemon.lock', 'scripts'];

/**
 * Moves a state directory that nobody holds. On one file system that is one rename. Elsewhere all is copied, with a mark
 * at the new place that is removed last: while it is there no daemon starts, and the move begins again. The earlier
 * directory is whole until everything lies on the disk at the new place. The error is a sentence for people.
 */
export async function moveState(move: StateMove): Promise<Result<void, string>> {
  try {
    const refusal = await refusalOf(move);
    if (refusal !== null) return err(refusal);
    if (move.dryRun) {
      move.onStep(`would move ${move.from} to ${move.to}`);
      return ok(undefined);
    }
    if (isBeingMoved(move.to) || !(await renameState(move))) await copyState(move);
    for (const name of ofHolder) await rm(join(move.to, name), { recursive: true, force: true });
    return ok(undefined);
  } catch (error) {
    return err(
      `The state cannot be moved from ${move.from} to ${move.to}: ${systemWords(error)}. Nothing is lost: mend that and run the command again.`,
    );
  }
}

async function refusalOf({ from, to }: StateMove): Promise<string | null> {
  const isUnfinished = isBeingMoved(to);
  if (!(await exists(from))) {
    return isUnfinished ? null : `There is no state in ${from}, so there is nothing to move.`;
  }
  if (!isUnfinished && holdsState(to)) {
    return `There is a state in ${from} and another in ${to}. Decide which one counts, move the other one away, and run this again if there is still something to move.`;
  }
  return surveyState(from, ofHolder);
}

/** False where that cannot be done at once: between file systems, or onto a directory that has to stay. */
async function renameState({ from, to, onStep }: StateMove): Promise<boolean> {
  // The holder of an empty one may have left its socket.
  for (const name of [...ofHolder, '.gitignore']) await rm(join(to, name), { recursive: true, force: true });
  try {
    onStep(`move ${from} to ${to}`);
    await rename(from, to);
  } catch (error) {
    if (['EXDEV', 'EBUSY', 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM'].includes(errorCode(error))) return false;
    throw error;
  }
  await syncDirectory(dirname(to));
  await syncDirectory(dirname(from));
  return true;
}

async function copyState({ from, to, onStep }: StateMove): Promise<void> {
  const aside = `${from}.moved`;
  await mkdir(to, { mode: 0o700 }).catch(ignoreExisting);
  await removeLeftovers(to);
  await writeMark(to, from);
  if (await exists(from)) {
    onStep(`copy ${from} to ${to}, as it cannot be moved there at once`);
    await copyFolder(from, to);
    await syncDirectory(dirname(to));
    // At once, so that what is at the earlier place is whole or not there.
    onStep(`remove ${from}`);
    await rm(aside, { recursive: true, force: true });
    await rename(from, aside);
    await syncDirectory(dirname(from));
  }
  await rm(aside, { recursive: true, force: true });
  await rm(moveMark(to));
  await syncDirectory(to);
}

async function writeMark(to: string, from: string): Promise<void> {
  const written = await writeDurably(moveMark(to), `${JSON.stringify({ from })}\n`);
  if (!written.ok) throw new Error(written.error);
}

/** What is there already is of an earlier attempt, and is written again. */
async function copyFolder(from: string, to: string, skipped: readonly string[] = ofHolder): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (skipped.includes(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target, { mode: 0o700 }).catch(ignoreExisting);
      await copyFolder(source, target, []);
    } else {
      await copyFile(source, target);
    }
  }
  await syncDirectory(to);
}

async function copyFile(from: string, to: string): Promise<void> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await rm(to, { force: true });
    const target = await open(to, 'wx', 0o600);
    try {
      for await (const bytes of source.createReadStream({ autoClose: false })) await target.writeFile(bytes);
      const { mode, atime, mtime } = await source.stat();
      await target.chmod(mode & 0o7777);
      await target.utimes(atime, mtime);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

function ignoreExisting(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
