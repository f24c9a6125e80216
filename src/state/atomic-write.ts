import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';

/**
 * Replaces a file so that a reader sees the old text or the new one, and so that the new one survives a power cut once
 * this resolves. The error is in the system's words; the old file is then untouched.
 */
export function writeDurably(path: string, text: string, mode = 0o600): Promise<Result<void, string>> {
  return replaceFile(path, text, mode, true);
}

/** The same without waiting for the disk, for what can be made anew. Everyone may read it. */
export function writeAtomically(path: string, text: string, mode = 0o644): Promise<Result<void, string>> {
  return replaceFile(path, text, mode, false);
}

/**
 * Replaces the text of a file that somebody else looks after, as `writeDurably` does: its mode, owner and group stay.
 * Fails where they cannot. `path` is the file itself and not a link.
 */
export async function rewriteDurably(path: string, text: string): Promise<Result<void, string>> {
  try {
    const { mode, uid, gid } = await stat(path);
    const self = process.getuid?.() ?? uid;
    if (self !== uid && self !== 0) return err(`it belongs to user ${uid}, and only that user or root can keep it so`);
    return await replaceFile(path, text, mode & 0o7777, true, { uid, gid });
  } catch (error) {
    return err(systemWords(error));
  }
}

/** Makes the names in a directory durable: a rename is only on the disk when its directory is. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what writers that died left behind. Only the owner of the directory may: others may be writing. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const leftovers = names.filter((name) => /^\..+\.\d+\.[0-9a-f]{12}\.tmp$/.test(name));
  await Promise.all(leftovers.map((name) => rm(join(directory, name), { force: true })));
}

interface Ownership {
  readonly uid: number;
  readonly gid: number;
}

async function replaceFile(
  path: string,
  text: string,
  mode: number,
  durable: boolean,
  ownership: Ownership | null = null,
): Promise<Result<void, string>> {
  const unique = `${process.pid}.${randomBytes(6).toString('hex')}`;
  const temporary = join(dirname(path), `.${basename(path)}.${unique}.tmp`);
  try {
    await writeNew(temporary, text, { mode, durable, ownership });
    await rename(temporary, path);
    if (durable) await syncDirectory(dirname(path));
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return err(systemWords(error));
  }
}

interface NewFile {
  readonly mode: number;
  readonly durable: boolean;
  /** `null`: whoever writes it. */
  readonly ownership: Ownership | null;
}

async function writeNew(path: string, text: string, { mode, durable, ownership }: NewFile): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    // Before the mode: a change of owner takes the bits that lend rights.
    if (ownership !== null) await handle.chown(ownership.uid, ownership.gid);
    // Not left to `open`, which the umask of the daemon would take bits from.
    if (mode !== 0o600) await handle.chmod(mode);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
}
