import type { TaskHistory } from '../model/history.ts';
import { isSuccess, type RunRecord } from '../model/run.ts';
import type { HistoryLimits } from '../model/task.ts';

export interface RecordedRun {
  readonly history: TaskHistory;
  /** Runs that nothing in the history refers to any more; their logs can go. */
  readonly dropped: readonly RunRecord[];
}

/**
 * Enters a run that is over. Successes and failures are bounded apart, so that a task that fails often keeps its last
 * good run. The last success outlives its place in the list. A skipped run and a dry run have touched no data, and one
 * that came to a limit its task sets has done as it was told: they are listed, and neither end nor begin a row of
 * failures.
 */
export function recordRun(before: TaskHistory, record: RunRecord, limits: HistoryLimits): RecordedRun {
  const group = groupOf(record);
  const succeeded = group === 'success';
  const failed = group === 'failure';
  const history: TaskHistory = {
    lastRun: record.dryRun ? before.lastRun : record,
    lastSuccess: succeeded ? record : before.lastSuccess,
    consecutiveFailures: succeeded ? 0 : before.consecutiveFailures + (failed ? 1 : 0),
    runs: bounded([record, ...before.runs], limits),
    lastScheduled: later(before.lastScheduled, record.scheduledFor),
    owedSince: stillOwed(before, record.scheduledFor),
    missed: succeeded ? 0 : before.missed,
  };
  const kept = new Set(referred(history).map(keyOf));
  const known = new Map([record, ...referred(before)].map((run) => [keyOf(run), run]));
  return { history, dropped: [...known].filter(([key]) => !kept.has(key)).map(([, run]) => run) };
}

type Group = 'success' | 'failure' | 'nothing';

function bounded(runs: readonly RunRecord[], limits: HistoryLimits): readonly RunRecord[] {
  const limitOf = { success: limits.successful, failure: limits.failed, nothing: limits.successful };
  const counts = { success: 0, failure: 0, nothing: 0 };
  return runs.filter((run) => {
    const group = groupOf(run);
    counts[group] += 1;
    return counts[group] <= limitOf[group];
  });
}

function groupOf(run: RunRecord): Group {
  if (run.dryRun || run.outcome === 'Skipped' || run.outcome === 'LimitReached') return 'nothing';
  return isSuccess(run.outcome) ? 'success' : 'failure';
}

function referred({ runs, lastRun, lastSuccess }: TaskHistory): readonly RunRecord[] {
  return [...runs, lastRun, lastSuccess].filter((run) => run !== null);
}

/** Not by object: read from the disk, the last run and the first of the list are two. */
function keyOf({ id, attempt }: RunRecord): string {
  return `${id} ${attempt}`;
}

/**
 * A run makes up for every time up to its own, once it has begun. What came after that is owed still: there is such a
 * time where the clock was set back.
 */
export function stillOwed(
  { owedSince, lastScheduled }: Pick<TaskHistory, 'owedSince' | 'lastScheduled'>,
  scheduledFor: number | null,
): number | null {
  if (owedSince === null || scheduledFor === null || scheduledFor < owedSince) return owedSince;
  return lastScheduled !== null && lastScheduled > scheduledFor ? scheduledFor + 1 : null;
}

function later(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.max(left, right);
}
