import type { WarningDetail } from './warning.ts';

export const outcomes = [
  'Succeeded',
  'SucceededWithWarnings',
  'Failed',
  'TimedOut',
  'Aborted',
  'Interrupted',
  'Blocked',
  'Skipped',
  'LimitReached',
  'AuthExpired',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Only these two count as success, everywhere. */
export function isSuccess(outcome: Outcome): boolean {
  return outcome === 'Succeeded' || outcome === 'SucceededWithWarnings';
}

/** What asked for a run; `annotation`: a new token in `cloudsync/run-at`. */
export type Trigger = 'schedule' | 'manual' | 'catchup' | 'retry' | 'annotation';

/** What somebody who asks for a run wants of it. */
export interface RunWish {
  readonly dryRun: boolean;
  /** How many deletions this run may do, whatever the task says; `null`: as the task says. */
  readonly allowDeletes: number | null;
  /** Whether directories may lie on another file system than at the last success; they may not when left out. */
  readonly acceptFileSystem?: boolean;
}

/** What rclone counted, in bytes and files. */
export interface RunStats {
  readonly bytes: number;
  readonly transfers: number;
  readonly checks: number;
  readonly deletes: number;
  readonly errors: number;
}

export const noStats: RunStats = { bytes: 0, transfers: 0, checks: 0, deletes: 0, errors: 0 };

/** A run in flight. Rates are bytes per second. */
export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly transfers: number;
  readonly totalTransfers: number;
  readonly checks: number;
  readonly deletes: number;
  readonly errors: number;
  readonly speed: number;
  /** `null` while rclone cannot tell. */
  readonly etaSeconds: number | null;
}

/** One thing that a run did, or on a dry run would do, to a file. Paths are relative to the roots of the sync. */
export interface FileChange {
  readonly action: 'copy' | 'delete' | 'move' | 'update' | 'mkdir' | 'rmdir';
  readonly path: string;
  /** Bytes, where known. */
  readonly size?: number;
}

/** rclone names files in the order in which it comes to them, which is another one each time. */
export function byPath(left: FileChange, right: FileChange): number {
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return left.action < right.action ? -1 : left.action > right.action ? 1 : 0;
}

/** A run that is over; kept in the history. Times are milliseconds since the epoch. */
export interface RunRecord {
  readonly id: string;
  readonly task: string;
  /** Of what was run. */
  readonly specHash: string;
  readonly trigger: Trigger;
  /** How often rclone was started for it, at most once more than `retry.limit`. */
  readonly attempt: number;
  readonly dryRun: boolean;
  readonly outcome: Outcome;
  /** When the schedule asked for it; `null` for a run started by hand. */
  readonly scheduledFor: number | null;
  /** The token of `cloudsync/run-at` that asked for it; `null`: another trigger. */
  readonly token: string | null;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** rclone's; `null` when rclone was not started or died by a signal. */
  readonly exitCode: number | null;
  readonly stats: RunStats;
  /** One readable sentence; `null` on success. */
  readonly lastError: string | null;
  /** Things that did not fail the run but that its owner should know. */
  readonly warnings: readonly string[];
  /** What rclone left out or could not do, by kind, count and name. Left out where there is none, and by old versions. */
  readonly warningDetails?: readonly WarningDetail[];
  /** Files at both sides of a SYNC that had nothing to do; `null` where they were not counted. */
  readonly sourceFiles: number | null;
  /** Path of the run log, relative to the state directory; `null` if there is none. */
  readonly log: string | null;
}

/** A run that has started and not ended. */
export interface ActiveRun {
  readonly id: string;
  readonly trigger: Trigger;
  readonly startedAt: number;
  readonly specHash: string;
  /** From 1. */
  readonly attempt: number;
  /** What it waits for, in words; `null` when it does not wait. */
  readonly waitingFor: string | null;
  /** `null` until rclone has been spawned. */
  readonly pid: number | null;
  readonly progress: Progress | null;
}
