import type { Schedule } from '../model/task.ts';
import { jitterOf } from './jitter.ts';
import { nextTime, previousTime } from './times.ts';

/**
 * When a task runs next, strictly after `afterMs`; `null` if never. A run is its time by the calendar plus the delay
 * that belongs to the name, so a run counts whose calendar time is already over and whose delay is not.
 */
export function nextRun(name: string, schedule: Schedule, afterMs: number): number | null {
  const jitterMs = jitterOf(name, schedule.jitterMs);
  const time = nextTime(schedule.cron, schedule.timeZone, afterMs - jitterMs);
  return time === null ? null : time + jitterMs;
}

/** The next runs in order, at most `count`. */
export function nextRuns(name: string, schedule: Schedule, afterMs: number, count: number): readonly number[] {
  const runs: number[] = [];
  let run = nextRun(name, schedule, afterMs);
  while (run !== null && runs.length < count) {
    runs.push(run);
    run = runs.length < count ? nextRun(name, schedule, run) : null;
  }
  return runs;
}

/** When a task should have run last, strictly before `beforeMs`; `null` if never. */
export function previousRun(name: string, schedule: Schedule, beforeMs: number): number | null {
  const jitterMs = jitterOf(name, schedule.jitterMs);
  const time = previousTime(schedule.cron, schedule.timeZone, beforeMs - jitterMs);
  return time === null ? null : time + jitterMs;
}
