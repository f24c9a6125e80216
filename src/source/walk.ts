import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import type { SourceUnavailable, UnreadFolder } from '../model/snapshot.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { inodeKey } from './identity.ts';
import { judgeName, type NameVerdict } from './manifest-name.ts';

/** What the tree holds, not yet looked into. */
export interface Walk {
  /** Everything that is or may be a manifest by its name, whatever it is, sorted by path. */
  readonly candidates: readonly Candidate[];
  /** Folders that may hold manifests and cannot be listed, sorted by path. */
  readonly unread: readonly UnreadFolder[];
  /** Directories that were listed, by absolute path, with what tells them from a later one of the same path. */
  readonly directories: ReadonlyMap<string, string>;
  readonly allowEmpty: boolean;
}

export interface Candidate {
  /** Relative to the tasks directory, with `/`. */
  readonly path: string;
  readonly absolutePath: string;
  readonly kind: 'file' | 'link' | 'other';
  readonly name: Exclude<NameVerdict, 'other'>;
}

/** `changed`: something went away while it was read; read again. */
export type WalkFailure = 'changed' | SourceUnavailable;

interface Folder {
  readonly absolutePath: string;
  readonly path: string;
}

/** Lists the manifests under a directory whose links are resolved. Folders are listed one after the other. */
export async function walk(root: string): Promise<Result<Walk, WalkFailure>> {
  const candidates: Candidate[] = [];
  const unread: UnreadFolder[] = [];
  const directories = new Map<string, string>();
  let allowEmpty = false;
  const pending: Folder[] = [{ absolutePath: root, path: '' }];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    // A folder that two links lead to is read once, which also ends loops.
    if (directories.has(folder.absolutePath)) continue;
    const listed = await list(folder);
    if (!listed.ok) {
      if (listed.error === 'changed' || folder.path === '') return listed;
      unread.push({ path: slashed(folder.path), reason: 'Unreadable', detail: listed.error.detail });
      continue;
    }
    directories.set(folder.absolutePath, listed.value.key);
    const names = new Set(listed.value.entries.map(({ name }) => name));
    if (folder.path === '') allowEmpty = names.has('.allow-empty');
    for (const entry of listed.value.entries.filter(isVisible)) {
      const child = { absolutePath: join(folder.absolutePath, entry.name), path: join(folder.path, entry.name) };
      const name = judgeName(entry.name, names);
      if (entry.isDirectory()) pending.push(child);
      // A folder in the place of a manifest is there, whatever it holds.
      if (entry.isDirectory() && name !== 'manifest') continue;
      if (name === 'manifest' || name === 'misnamed') {
        candidates.push({ ...child, path: slashed(child.path), kind: kindOf(entry), name });
      } else if (entry.isSymbolicLink()) {
        const target = await folderBehind(root, child);
        if (target !== null && 'reason' in target) unread.push(target);
        else if (target !== null) pending.push(target);
      } else if (name !== 'other' && entry.isFile()) {
        candidates.push({ ...child, path: slashed(child.path), kind: 'file', name });
      }
    }
  }
  return ok({ candidates: candidates.sort(byPath), unread: unread.sort(byPath), directories, allowEmpty });
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

async function list(
  folder: Folder,
): Promise<
  Result<{ readonly key: string; readonly entries: readonly Dirent[] }, 'changed' | (SourceUnavailable & Detail)>
> {
  try {
    const key = inodeKey(await lstat(folder.absolutePath, { bigint: true }));
    const entries = await readdir(folder.absolutePath, { withFileTypes: true });
    return ok({ key, entries: entries.sort((left, right) => (left.name < right.name ? -1 : 1)) });
  } catch (error) {
    // A name that is not UTF-8 cannot be asked for again; it would look as if it vanished each time.
    const isUnaskable = folder.path.includes('\ufffd');
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error)) && !isUnaskable) return err('changed');
    const detail = isUnaskable ? 'its name is not valid UTF-8' : systemWords(error);
    const message = `The folder ${folder.absolutePath} in the tasks directory cannot be read: ${detail}.`;
    return err({ reason: 'Unreadable', message, detail });
  }
}

interface Detail {
  readonly detail: string;
}

/** `lost+found` stands at the root of a mounted ext4 volume, and only root may read it. */
function isVisible(entry: Dirent): boolean {
  return !entry.name.startsWith('.') && entry.name !== 'lost+found';
}

function kindOf(entry: Dirent): Candidate['kind'] {
  if (entry.isFile()) return 'file';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

/**
 * A ConfigMap shows its folders as links into the hidden `..data`, which are followed. A link to a folder that is listed
 * under its own name anyway gives `null`, as does one to a file. A folder outside is not read: its files would change
 * unseen by the review and by Git.
 */
async function folderBehind(root: string, { absolutePath, path }: Folder): Promise<Folder | UnreadFolder | null> {
  try {
    const target = await realpath(absolutePath);
    if (!(await stat(target)).isDirectory()) return null;
    const inside = relative(root, target).split(sep);
    if (inside[0] === '..') return { path: slashed(path), reason: 'LeadsOutside', detail: target };
    return inside.some((name) => name.startsWith('.')) ? { absolutePath: target, path } : null;
  } catch (error) {
    return { path: slashed(path), reason: 'BrokenLink', detail: systemWords(error) };
  }
}

function byPath(left: { readonly path: string }, right: { readonly path: string }): number {
  return left.path < right.path ? -1 : 1;
}
