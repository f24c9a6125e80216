import type { Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { errorCode } from '../model/system-error.ts';

const maxLinks = 40;

/**
 * Why a directory that is there, or the way to it, is not ours alone, so that another user may write what we go by; a
 * sentence that says what to do. `null`: nothing speaks against it. Throws what the system says where it cannot be seen.
 */
export async function distrustOf(directory: string): Promise<string | null> {
  const path = resolve(directory);
  const stats = await lstat(path).catch(ignoreMissing);
  if (stats?.isSymbolicLink() === true) {
    return `The state directory ${path} is a link. Name the directory that it leads to with --state-dir, or remove the link.`;
  }
  const link = await foreignLink(path);
  if (link !== null) {
    return `The state directory ${path} is reached through the link ${link}, which another user may change. Name the directory without that link, with --state-dir.`;
  }
  return stats?.isDirectory() === true ? distrustOfStats(path, stats) : null;
}

function distrustOfStats(path: string, stats: Stats): string | null {
  const self = process.getuid?.() ?? stats.uid;
  // Kubernetes gives a volume to root and the group `fsGroup`, of which the processes of the pod are.
  const isOfGroup = stats.uid === 0 && (stats.mode & 0o020) !== 0 && isOurGroup(stats.gid);
  if (stats.uid !== self && !isOfGroup) {
    return `The state directory ${path} belongs to user ${stats.uid}, and this is user ${self}. Start Cloudsync as user ${stats.uid}, or name another directory with --state-dir.`;
  }
  if (!othersMayWrite(stats)) return null;
  return `Other users may write in the state directory ${path} (mode ${modeText(stats)}), and could change what runs. Look at what is in it, and then run: chmod go-w ${path}`;
}

/** The first link on the way that is not root's or ours, or that lies where others may replace it; `null`: none. */
async function foreignLink(path: string): Promise<string | null> {
  let at: string = sep;
  let rest = partsOf(dirname(path));
  for (let links = 0; links <= maxLinks; ) {
    const [name, ...further] = rest;
    if (name === undefined) return null;
    rest = further;
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const stats = await lstat(next).catch(ignoreMissing);
    if (stats === null) return null;
    if (!stats.isSymbolicLink()) {
      at = next;
      continue;
    }
    const folder = await stat(at);
    // In a folder such as /tmp only the owner of a name may replace it.
    const isReplaceable = othersMayWrite(folder) && (folder.mode & 0o1000) === 0;
    if (!isTrusted(stats.uid) || !isTrusted(folder.uid) || isReplaceable) return next;
    links += 1;
    const target = await readlink(next);
    if (target.startsWith(sep)) at = sep;
    rest = [...partsOf(target), ...rest];
  }
  // Using the path will say that there are too many.
  return null;
}

function partsOf(path: string): string[] {
  return path.split(sep).filter((part) => part !== '' && part !== '.');
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.getuid?.();
}

function othersMayWrite({ mode, gid }: Stats): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !isOurGroup(gid));
}

function isOurGroup(gid: number): boolean {
  return process.getgid?.() === gid || process.getgroups?.().includes(gid) === true;
}

function modeText({ mode }: Stats): string {
  return `0${(mode & 0o7777).toString(8)}`;
}

function ignoreMissing(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
  throw error;
}
