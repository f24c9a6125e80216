import { err, ok, type Result } from '../../model/result.ts';
import { listed } from '../../model/wording.ts';
import { deleteFiles } from '../../rclone/delete-files.ts';
import type { RemoteFeatures } from '../../rclone/features.ts';
import { type ListedFile, listFiles } from '../../rclone/file-listing.ts';
import { flagArguments } from '../../rclone/flag.ts';
import { passingFlags } from '../../rclone/passing-flag.ts';
import type { RcloneFailure } from '../../rclone/short-run.ts';
import type { Job } from '../job.ts';
import type { TransferTools } from '../transfer.ts';
import type { Arrivals } from './arrivals.ts';
import { createFolds } from './collisions.ts';
import type { Kept, MoveSource } from './move-source.ts';
import { createPrints } from './prints.ts';

export interface FarSourceFacts {
  readonly features: RemoteFeatures;
  /** Whether the task chooses files by filters of its own. */
  readonly chosen: boolean;
}

/**
 * A source at a remote. It is listed before anything is sent, and what is proven is listed again, a few files at a time,
 * just before these are deleted: rclone has no deletion with a condition.
 */
export async function openFarSource(
  { transfer, filters }: Job,
  { features, chosen }: FarSourceFacts,
  tools: TransferTools,
): Promise<Result<MoveSource, RcloneFailure>> {
  const { binary, rcloneEnvironment: environment, signal } = tools;
  const place = transfer.source;
  const connection = flagArguments(passingFlags(transfer.flags));
  const options = [...connection, ...identifying(features)];
  const before = createPrints();
  const folds = createFolds();
  const startedAt = Date.now();
  const unreachable: string[] = [];
  const proven: string[] = [];
  const appeared: string[] = [];

  // Without filters, a bucket is listed as one list of keys, which shows the keys that rclone does not find again.
  const only = filters === null || (features.buckets && !chosen) ? null : { filters };
  const listing = await listFiles(binary, environment, { place, only, options }, signal, (file) => {
    before.add(file.path, printOf(file));
    folds.add(file.path);
    if (isUnreachable(file.path)) unreachable.push(file.path);
  });
  unreachable.push(...listing.misplaced.map((folder) => `${folder.replace(/\/$/, '')}//`));
  // What could be listed is moved also where a folder could not: the transfer itself fails for that folder.
  if (listing.error !== null && before.size === 0 && !listing.missing) {
    const { error, retryable, expired } = listing;
    return err({ message: tools.redact(error), retryable, expired });
  }

  /** Notes the proven files that the destination does not list. One that is not found any more may have any size. */
  async function missAll(names: readonly string[], { miss }: Arrivals): Promise<void> {
    if (names.length === 0) return;
    const sizes = new Map<string, number>();
    await listFiles(binary, environment, { place, only: { names }, options: connection }, signal, ({ path, size }) => {
      sizes.set(path, size);
    });
    for (const name of names) miss(name, sizes.get(name) ?? -1);
  }

  /** Of these names, those that are as they were. */
  async function unchanged(
    names: readonly string[],
    { holds }: Arrivals,
    kept: Kept[],
    failures: string[],
  ): Promise<readonly string[]> {
    const found = new Map<string, boolean>();
    const same = new Set<string>();
    const { error } = await listFiles(binary, environment, { place, only: { names }, options }, signal, (file) => {
      // Twice the same name: nothing tells which of them was sent.
      const first = !found.has(file.path);
      found.set(file.path, first);
      if (isFresh(file, startedAt)) kept.push({ name: file.path, why: 'fresh' });
      else if (first && before.matches(file.path, printOf(file))) {
        if (holds(file.path, file.size)) same.add(file.path);
      } else {
        same.delete(file.path);
        kept.push({ name: file.path, why: 'changed' });
      }
    });
    // Without an error, what is not listed was removed by somebody else.
    const unseen = names.filter((name) => !found.has(name));
    if (error !== null && unseen.length > 0) failures.push(`${listed(unseen, 3)}: ${tools.redact(error)}`);
    return [...same];
  }

  return ok({
    sharedFolds: folds.shared,
    unreachable,
    proven(name) {
      if (before.mark(name)) proven.push(name);
      else appeared.push(name);
    },
    async remove(arrivals, onRemoved) {
      const kept: Kept[] = appeared.map((name) => ({ name, why: 'appeared' }));
      const failures: string[] = [];
      const removed = new Set<string>();
      await missAll(
        proven.filter((name) => !arrivals.lists(name)),
        arrivals,
      );
      let size = smallestBatch;
      for (let start = 0; start < proven.length && !signal.aborted; ) {
        const batch = proven.slice(start, start + size).filter((name) => arrivals.lists(name));
        start += size;
        const beganAt = performance.now();
        const names = await unchanged(batch, arrivals, kept, failures);
        const lookedAt = performance.now();
        if (names.length === 0 || signal.aborted) continue;
        const deletion = { place, names, options: connection };
        const error = await deleteFiles(binary, environment, deletion, signal, (name) => {
          removed.add(name);
          onRemoved(name);
        });
        const left = names.filter((name) => !removed.has(name));
        if (!signal.aborted && (error !== null || left.length > 0)) {
          failures.push(`${listed(left, 3) || place}: ${tools.redact(error ?? 'rclone did not delete it')}`);
        }
        // A folder with very many files is listed again for each batch; that must not take longer than the deletions.
        const isSlow = lookedAt - beganAt > performance.now() - lookedAt;
        if (isSlow) size = Math.min(size * 2, largestBatch);
      }
      return { removed: removed.size, kept, failures };
    },
  });
}

/** The window in which a change at the source is lost is the time that one batch takes. */
const smallestBatch = 100;
const largestBatch = 20_000;

/** What tells contents apart in a listing, without a request for each file. */
function identifying({ listsHashes, slowTimes }: RemoteFeatures): readonly string[] {
  return [...(listsHashes ? ['--hash'] : []), ...(slowTimes ? ['--use-server-modtime'] : [])];
}

function printOf({ size, modified, identity }: ListedFile): string {
  return `${size} ${modified} ${identity}`;
}

/** Whether another write may have left size and time as they are: the remote tells whole seconds and nothing else. */
function isFresh({ modified, identity }: ListedFile, sinceMs: number): boolean {
  const at = Date.parse(modified);
  return identity === '' && !/\.\d*[1-9]/.test(modified) && (Number.isNaN(at) || at > sinceMs - 2500);
}

/** Keys of a bucket that rclone lists and does not find again: with an empty part, or one that means a folder above. */
function isUnreachable(path: string): boolean {
  return path.split('/').some((part) => part === '' || /^[.\uff0e]{1,2}$/.test(part));
}
