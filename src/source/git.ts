import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Where Git keeps what belongs to the checkout that a directory lies in. */
export interface Checkout {
  /** Holds `HEAD`, `index` and `index.lock`; of this worktree alone. */
  readonly gitDirectory: string;
  /** Holds the refs; shared by all worktrees of a repository. */
  readonly commonDirectory: string;
}

/** A commit's name: SHA-1 or SHA-256. */
const commitPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** A lock older than this is taken to be left over from a Git that died. */
const staleLockMs = 30_000;
const lockPollMs = 50;

/** The checkout around a directory whose links are resolved; `null` outside of any. */
export async function findCheckout(realDirectory: string): Promise<Checkout | null> {
  for (let directory = realDirectory; ; directory = dirname(directory)) {
    const gitDirectory = await gitDirectoryIn(directory);
    if (gitDirectory !== null) {
      const common = await readText(join(gitDirectory, 'commondir'));
      return { gitDirectory, commonDirectory: common === null ? gitDirectory : resolve(gitDirectory, common) };
    }
    if (directory === dirname(directory)) return null;
  }
}

/** The directory at the top of the checkout, as a parent of the one that is given, links or not; `null` outside of any. */
export async function checkoutRoot(inside: string): Promise<string | null> {
  for (let directory = inside; ; directory = dirname(directory)) {
    if ((await gitDirectoryIn(directory)) !== null) return directory;
    if (directory === dirname(directory)) return null;
  }
}

/**
 * The commit that is checked out. git-sync publishes a link to a worktree that is named by its commit, and that name
 * is the one promise it makes; otherwise `HEAD` tells.
 */
export async function readRevision(links: readonly string[], checkout: Checkout | null): Promise<string | null> {
  const published = links.map((link) => basename(link)).find(isCommit);
  if (published !== undefined) return published;
  return checkout === null ? null : resolveReference(checkout, await readText(join(checkout.gitDirectory, 'HEAD')));
}

export function isCommit(text: string): boolean {
  return commitPattern.test(text);
}

/**
 * Changes with every operation that rewrites the working tree, since Git replaces the index by renaming its lock over
 * it; `null` while one is under way.
 */
export async function indexKey(checkout: Checkout): Promise<string | null> {
  const lock = await fileKey(checkout, 'index.lock');
  return lock === null ? ((await fileKey(checkout, 'index')) ?? 'no index') : null;
}

/** Waits for a running Git. Gives the lock's path when it is still held after 30 s, and at once when it is that old. */
export async function waitForLock(checkout: Checkout, signal: AbortSignal | undefined): Promise<string | null> {
  const lock = join(checkout.gitDirectory, 'index.lock');
  const giveUpAt = Date.now() + staleLockMs;
  for (;;) {
    const stats = await lstat(lock).catch(() => null);
    if (stats === null) return null;
    const now = Date.now();
    if (now >= giveUpAt || now - stats.mtimeMs >= staleLockMs || signal?.aborted === true) return lock;
    await pause(lockPollMs);
  }
}

/** Whether this is a hook of a commit: Git tells those where the index is that it holds the lock of. */
export function isCommitHook({ GIT_INDEX_FILE }: NodeJS.ProcessEnv): boolean {
  return GIT_INDEX_FILE !== undefined;
}

async function gitDirectoryIn(directory: string): Promise<string | null> {
  const path = join(directory, '.git');
  const stats = await stat(path).catch(() => null);
  if (stats === null) return null;
  if (stats.isDirectory()) return path;
  // Worktrees and submodules have a file there that says where the directory is.
  const target = /^gitdir: (.+)$/m.exec((await readText(path)) ?? '')?.[1];
  return target === undefined ? null : resolve(directory, target.trim());
}

async function resolveReference(checkout: Checkout, head: string | null): Promise<string | null> {
  if (head === null || isCommit(head)) return head;
  const reference = /^ref: (refs\/.+)$/.exec(head)?.[1];
  if (reference === undefined || reference.includes('..')) return null;
  const loose = await readText(join(checkout.commonDirectory, reference));
  if (loose !== null && isCommit(loose)) return loose;
  const packed = await readText(join(checkout.commonDirectory, 'packed-refs'));
  const line = packed?.split('\n').find((candidate) => candidate.endsWith(` ${reference}`));
  const commit = line?.split(' ')[0] ?? '';
  return isCommit(commit) ? commit : null;
}

async function fileKey(checkout: Checkout, name: string): Promise<string | null> {
  const stats = await lstat(join(checkout.gitDirectory, name), { bigint: true }).catch(() => null);
  return stats === null ? null : `${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}
