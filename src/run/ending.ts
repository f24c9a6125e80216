import { noStats, type Outcome, type RunStats } from '../model/run.ts';

/** How a run ended, as far as it is known before it is recorded. */
export interface Ending {
  readonly outcome: Outcome;
  /** rclone's; `null` when it was not started or was ended by a signal. */
  readonly exitCode: number | null;
  readonly stats: RunStats;
  readonly lastError: string | null;
  readonly warnings: readonly string[];
}

/** A run that ended before rclone did anything. */
export function endedEarly(outcome: Outcome, lastError: string): Ending {
  return { outcome, exitCode: null, stats: noStats, lastError, warnings: [] };
}
