import type { ActiveTask } from '../model/active.ts';
import type { CheckRecord } from '../model/check.ts';
import type { TaskHistory } from '../model/history.ts';
import type { Problem } from '../model/problem.ts';
import type { ActiveRun } from '../model/run.ts';

/** Everything that is true of one task at one moment; its status says nothing that is not in here. */
export interface TaskFacts {
  /** What the manifest says, and the commit that is checked out; `null` when it is not valid, or gone. */
  readonly observed: { readonly specHash: string; readonly revision: string | null } | null;
  /** What the scheduler works by; `null` when nothing was ever applied. */
  readonly active: ActiveTask | null;
  readonly history: TaskHistory;
  /** Milliseconds since the epoch; `null`: nothing is due. */
  readonly nextRun: number | null;
  /**
   * The first time the schedule names, jitter included, after the last success or, when that is later, after the
   * schedule was set or resumed. May lie in the future. `null`: there is no schedule.
   */
  readonly dueSinceSuccess: number | null;
  readonly activeRun: ActiveRun | null;
  /** The last comparison of both sides; `null`: there was none. */
  readonly check: CheckRecord | null;
  readonly problems: readonly Problem[];
  /** Why a guard refuses to apply the change, in words; `null`: none does. */
  readonly blocked: string | null;
  /** Why the task goes on although its manifest is gone, as it is meant to, in words; `null`: it does not. */
  readonly kept: string | null;
  /** Whether the daemon applies by itself. */
  readonly automatic: boolean;
  readonly writerVersion: string;
}
