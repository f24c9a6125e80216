import type { Clock } from '../model/clock.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Emit } from '../model/event.ts';
import type { Result } from '../model/result.ts';
import type { Outcome, RunStats, Trigger } from '../model/run.ts';
import type { RcloneBinary } from '../rclone/binary.ts';

export interface RunOrder {
  readonly task: ResolvedTask;
  readonly runId: string;
  readonly trigger: Trigger;
  readonly dryRun: boolean;
}

export interface RunTools {
  readonly inspectBinary: () => Promise<Result<RcloneBinary, string>>;
  /** Where secrets may be, and what rclone inherits of it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Called with the process id before rclone has done anything worth telling. */
  readonly onSpawned: (pid: number) => Promise<void>;
  /** Its reason is a `StopReason`. */
  readonly signal: AbortSignal;
}

export type StopReason = 'Aborted' | 'Interrupted';

/** How a run ended, as far as it is known before it is recorded. */
export interface Ending {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  readonly stats: RunStats;
  readonly lastError: string | null;
  readonly warnings: readonly string[];
}

export function stopReason(signal: AbortSignal): StopReason {
  return signal.reason === 'Interrupted' ? 'Interrupted' : 'Aborted';
}
