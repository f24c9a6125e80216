import type { BigIntStats } from 'node:fs';
import { lstatSync, statSync, unlinkSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { errorCode } from '../../model/system-error.ts';
import { rcloneName } from '../../rclone/local-name.ts';

/** A file of a local source. */
export interface LocalFile {
  readonly path: Buffer;
  /** As rclone's log calls it; `null`: that cannot be told. */
  readonly name: string | null;
  readonly state: FileState;
}

/** What identifies the content of a file. */
export interface FileState {
  readonly link: BigIntStats | null;
  readonly file: BigIntStats;
}

export interface LocalTree {
  readonly root: string;
  /** Names in the root that belong to the task; `null`: everything does. */
  readonly selection: readonly string[] | null;
  readonly followSymlinks: boolean;
}

/** How many files are looked at side by side: as many as Node has threads for, and some that wait. */
const abreast = 16;

interface Visit {
  readonly tree: LocalTree;
  readonly signal: AbortSignal;
  readonly onFile: (file: LocalFile) => void;
  readonly onUnreadable: (name: string, error: unknown) => void;
}

/**
 * Visits all regular files, also those that filters leave out. `onUnreadable` gets what is there and cannot be read; when
 * it is left out, that is passed over, because rclone says so when it comes there. Stops early when the signal fires.
 */
export async function walkFiles(
  tree: LocalTree,
  signal: AbortSignal,
  onFile: (file: LocalFile) => void,
  onUnreadable: (name: string, error: unknown) => void = () => {},
): Promise<void> {
  const top = { path: Buffer.from(tree.root), name: '', above: [] };
  const visit = { tree, signal, onFile, onUnreadable };
  const names = tree.selection?.map((name) => Buffer.from(name)) ?? (await namesIn(top, visit));
  await visitAll(names, top, visit);
}

interface Folder {
  readonly path: Buffer;
  readonly name: string | null;
  /** Identities of the directories on the way, where links may lead back to one of them. */
  readonly above: readonly string[];
}

async function visitAll(names: readonly Buffer[], folder: Folder, visit: Visit): Promise<void> {
  for (let start = 0; start < names.length && !visit.signal.aborted; start += abreast) {
    const found = await Promise.all(names.slice(start, start + abreast).map((name) => look(name, folder, visit)));
    for (const entry of found) {
      if (entry === null) continue;
      const { path, name, state } = entry;
      if (state.file.isFile()) visit.onFile(entry);
      if (!state.file.isDirectory()) continue;
      const identity = `${state.file.dev}:${state.file.ino}`;
      if (folder.above.includes(identity)) continue;
      const above = visit.tree.followSymlinks ? [...folder.above, identity] : [];
      const inside = { path, name, above };
      await visitAll(await namesIn(inside, visit), inside, visit);
    }
  }
}

async function look(raw: Buffer, folder: Folder, { tree, onUnreadable }: Visit): Promise<LocalFile | null> {
  const path = Buffer.concat([folder.path, Buffer.from('/'), raw]);
  const own = rcloneName(raw);
  const name = own === null || folder.name === null ? null : folder.name === '' ? own : `${folder.name}/${own}`;
  const found = await lstat(path, { bigint: true }).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') onUnreadable(path.toString(), error);
    return null;
  });
  if (found === null) return null;
  if (!found.isSymbolicLink()) return { path, name, state: { link: null, file: found } };
  const target = tree.followSymlinks ? await stat(path, { bigint: true }).catch(() => null) : null;
  return target === null ? null : { path, name, state: { link: found, file: target } };
}

async function namesIn({ path }: Folder, { onUnreadable }: Visit): Promise<readonly Buffer[]> {
  return readdir(path, { encoding: 'buffer' }).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') onUnreadable(path.toString(), error);
    return [];
  });
}

/**
 * Two prints that are equal mean the same content. A file with several names has one without the time of its last
 * change of status, because removing one of the names changes that of the others.
 */
export function printsOf({ link, file }: FileState): { readonly whole: string; readonly shared: string } {
  const of = ({ dev, ino, size, mtimeNs }: BigIntStats) => `${dev}:${ino}:${size}:${mtimeNs}`;
  const shared = `shared ${of(file)} ${link === null ? '' : of(link)}`;
  return { whole: `${shared} ${file.ctimeNs} ${link?.ctimeNs ?? ''}`, shared };
}

/**
 * Whether another write at this moment could leave the times as they are: the file system keeps whole seconds, vfat two
 * of them.
 */
export function isFresh({ file }: FileState, sinceMs: number): boolean {
  const second = 1_000_000_000n;
  const whole = file.mtimeNs % second === 0n && file.ctimeNs % second === 0n;
  const changed = file.ctimeNs > file.mtimeNs ? file.ctimeNs : file.mtimeNs;
  return whole && changed / 1_000_000n > BigInt(sinceMs - 2500);
}

/**
 * Removes a file unless it is another one by now. Without a wait between the look and the act: what is left of the window
 * is a few microseconds. `gone`: somebody else has removed it. Throws the system's error.
 */
export function unlinkIf(path: Buffer, isSame: (state: FileState) => boolean): 'removed' | 'another' | 'gone' {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return 'gone';
  const file = found.isSymbolicLink() ? statSync(path, { bigint: true, throwIfNoEntry: false }) : found;
  if (file === undefined || !isSame({ link: file === found ? null : found, file })) return 'another';
  unlinkSync(path);
  return 'removed';
}
