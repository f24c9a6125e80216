import type { DeleteLimit, Safety } from '../model/task.ts';

/** A percentage never refuses so few: of three files, one is a third. */
const neverRefused = 3;

/** How many files may be deleted at a destination that holds so many. */
export function allowedDeletes(limit: DeleteLimit, destinationFiles: number): number {
  if (limit.kind === 'count') return limit.count;
  // None at all means none of few files, too.
  if (limit.percentage === 0) return 0;
  return Math.max(neverRefused, Math.floor((destinationFiles * limit.percentage) / 100));
}

/**
 * Whether the deletions are counted by a dry run before anything is deleted. An active set of an earlier version may
 * hold the retired value `auto`, which is read as `always`.
 */
export function needsRehearsal({ preflight }: Safety): boolean {
  return preflight !== 'never';
}

/** For the message: `50 %, which is 500`. */
export function limitText(limit: DeleteLimit, allowed: number): string {
  return limit.kind === 'count' ? String(limit.count) : `${limit.percentage} %, which is ${allowed}`;
}
