import type { RunRecord } from './run.ts';

/** What the state directory remembers of one task's runs, whether or not a daemon is alive. */
export interface TaskHistory {
  readonly lastRun: RunRecord | null;
  readonly lastSuccess: RunRecord | null;
  readonly consecutiveFailures: number;
  /** Newest first, bounded by the task's `history`. */
  readonly runs: readonly RunRecord[];
  /** The latest time at which the schedule asked for a run, whatever became of it; milliseconds since the epoch. */
  readonly lastScheduled: number | null;
  /** The first time that came while the run before had not ended, and that no run has made up for since. */
  readonly owedSince: number | null;
  /** Runs that the schedule asked for and that did not start, since the last success. */
  readonly missed: number;
}

export const emptyHistory: TaskHistory = {
  lastRun: null,
  lastSuccess: null,
  consecutiveFailures: 0,
  runs: [],
  lastScheduled: null,
  owedSince: null,
  missed: 0,
};

/** The last run that may have changed a side; `null`: none is known. */
export function lastTouchingRun({ lastRun, runs }: TaskHistory): RunRecord | null {
  const candidates = lastRun === null ? runs : [lastRun, ...runs];
  return candidates.find(({ dryRun, outcome }) => !dryRun && outcome !== 'Blocked' && outcome !== 'Skipped') ?? null;
}
