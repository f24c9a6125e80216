import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import type { SourceUnavailable } from '../model/snapshot.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { inodeKey } from './identity.ts';

/** What the tree holds, not yet looked into. */
export interface Walk {
  /** Everything that is named as a manifest, whatever it is, sorted by path. */
  readonly candidates: readonly Candidate[];
  /** Directories that were listed, by absolute path, with what tells them from a later one of the same path. */
  readonly directories: ReadonlyMap<string, string>;
  readonly allowEmpty: boolean;
}

export interface Candidate {
  /** Relative to the tasks directory, with `/`. */
  readonly path: string;
  readonly absolutePath: string;
  readonly kind: 'file' | 'link' | 'other';
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
  const directories = new Map<string, string>();
  let allowEmpty = false;
  const pending: Folder[] = [{ absolutePath: root, path: '' }];
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    // A folder that two links lead to is read once, which also ends loops.
    if (directories.has(folder.absolutePath)) continue;
    const listed = await list(folder);
    if (!listed.ok) return listed;
    directories.set(folder.absolutePath, listed.value.key);
    if (folder.path === '') allowEmpty = listed.value.entries.some((entry) => entry.name === '.allow-empty');
    for (const entry of listed.value.entries.filter(isVisible)) {
      const child = { absolutePath: join(folder.absolutePath, entry.name), path: join(folder.path, entry.name) };
      if (entry.isDirectory()) {
        pending.push(child);
      } else if (isManifestName(entry.name)) {
        candidates.push({ ...child, path: child.path.split(sep).join('/'), kind: kindOf(entry) });
      } else if (entry.isSymbolicLink()) {
        const target = await projectedFolder(root, child.absolutePath);
        if (target !== null) pending.push({ absolutePath: target, path: child.path });
      }
    }
  }
  return ok({ candidates: candidates.sort(byPath), directories, allowEmpty });
}

/** `.yaml` or `.yml`, and no dotfile. */
export function isManifestName(name: string): boolean {
  return /\.ya?ml$/.test(name) && !name.startsWith('.');
}

async function list(
  folder: Folder,
): Promise<Result<{ readonly key: string; readonly entries: readonly Dirent[] }, WalkFailure>> {
  try {
    const key = inodeKey(await lstat(folder.absolutePath, { bigint: true }));
    const entries = await readdir(folder.absolutePath, { withFileTypes: true });
    return ok({ key, entries: entries.sort((left, right) => (left.name < right.name ? -1 : 1)) });
  } catch (error) {
    // A name that is not UTF-8 cannot be asked for again; it would look as if it vanished each time.
    const vanished = ['ENOENT', 'ENOTDIR'].includes(errorCode(error)) && !folder.path.includes('\ufffd');
    if (vanished) return err('changed');
    const message = `The folder ${folder.absolutePath} in the tasks directory cannot be read: ${systemWords(error)}.`;
    return err({ reason: 'Unreadable', message });
  }
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
 * A ConfigMap shows its folders as links into the hidden `..data`. A link to a folder that is listed under its own name
 * anyway, or that lies outside, is not followed.
 */
async function projectedFolder(root: string, link: string): Promise<string | null> {
  try {
    const target = await realpath(link);
    const inside = relative(root, target).split(sep);
    const hidden = inside[0] !== '..' && inside.some((name) => name.startsWith('.'));
    return hidden && (await stat(target)).isDirectory() ? target : null;
  } catch {
    return null;
  }
}

function byPath(left: Candidate, right: Candidate): number {
  return left.path < right.path ? -1 : 1;
}
