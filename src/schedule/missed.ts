import type { Schedule } from '../model/task.ts';
import { jitterOf } from './jitter.ts';
import { nextRun, previousRun } from './next-run.ts';

export interface MissedRunInput {
  readonly name: string;
  readonly schedule: Schedule;
  readonly now: number;
  /** Runs up to here do not count: the latest of when the task was applied, rescheduled, enabled or last scheduled. */
  readonly anchor: number;
}

export type MissedRun =
  /** One run makes up for all that were missed; `startAt` is `now` or a little later. */
  | { readonly kind: 'start'; readonly scheduledFor: number; readonly startAt: number; readonly missed: number }
  | {
      readonly kind: 'skip';
      /** In words, for people. */
      readonly reason: 'missed runs are skipped' | 'its deadline is over';
      readonly scheduledFor: number;
      readonly missed: number;
    };

/** Counting stops here: beyond it the number says nothing more. */
const maxCounted = 1000;
const maxSpreadMs = 5 * 60_000;

/** What became of the runs after the anchor, up to and including now; `null` when none was missed. */
export function missedRun({ name, schedule, now, anchor }: MissedRunInput): MissedRun | null {
  const missed = countRuns(name, schedule, anchor, now);
  const scheduledFor = missed === 0 ? null : previousRun(name, schedule, now + 1);
  if (scheduledFor === null) return null;
  if (schedule.missedRuns === 'Skip') return { kind: 'skip', reason: 'missed runs are skipped', scheduledFor, missed };

  const latestStart = scheduledFor + schedule.deadlineMs;
  if (now > latestStart) return { kind: 'skip', reason: 'its deadline is over', scheduledFor, missed };
  // After an outage everything is late at once; the names spread the starts.
  const delayMs = jitterOf(name, Math.min(maxSpreadMs, schedule.deadlineMs / 4));
  return { kind: 'start', scheduledFor, startAt: Math.min(now + delayMs, latestStart), missed };
}

function countRuns(name: string, schedule: Schedule, afterMs: number, untilMs: number): number {
  let count = 0;
  let run = nextRun(name, schedule, afterMs);
  while (run !== null && run <= untilMs && count < maxCounted) {
    count += 1;
    run = nextRun(name, schedule, run);
  }
  return count;
}
