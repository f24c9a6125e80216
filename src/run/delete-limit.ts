import type { DeleteLimit, Safety } from '../model/task.ts';

/** Below this, a percentage says nothing: of three files, one is a third. */
const leastFiles = 10;

/** How many files a SYNC may delete at a destination that holds so many; `null`: any number. */
export function allowedDeletes(limit: DeleteLimit, destinationFiles: number): number | null {
  if (limit.kind === 'count') return limit.count;
  // None at all means that of few files, too.
  if (destinationFiles < leastFiles && limit.percentage > 0) return null;
  return Math.floor((destinationFiles * limit.percentage) / 100);
}

/**
 * Whether the deletions are counted by a dry run before anything is deleted. An active set of an earlier version may
 * hold the retired value `auto`, which is read as `always`.
 */
export function needsRehearsal({ preflight }: Safety): boolean {
  return preflight !== 'never';
}

/** For the message: `50 % (500 files)`. */
export function limitText(limit: DeleteLimit, allowed: number): string {
  return limit.kind === 'count' ? String(limit.count) : `${limit.percentage} %, which is ${allowed}`;
}
