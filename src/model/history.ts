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
  /** Runs that the schedule asked for and that did not start, since the last success. */
  readonly missed: number;
}

export const emptyHistory: TaskHistory = {
  lastRun: null,
  lastSuccess: null,
  consecutiveFailures: 0,
  runs: [],
  lastScheduled: null,
  missed: 0,
};
