import type { TaskHistory } from '../model/history.ts';
import { isSuccess, type RunRecord } from '../model/run.ts';
import type { Observation } from './condition.ts';

/**
 * The last run that succeeded or failed; `null`: there was none. A skipped run, a dry run and one that came to a limit
 * its task sets prove nothing, so they neither excuse a failure before them nor stand for a success.
 */
export function lastRealRun(history: TaskHistory): RunRecord | null {
  const candidates = history.lastRun === null ? history.runs : [history.lastRun, ...history.runs];
  return candidates.find((run) => !provesNothing(run)) ?? history.lastSuccess;
}

/** The condition `LastRunSucceeded`. */
export function lastRunObservation(history: TaskHistory): Observation {
  const type = 'LastRunSucceeded';
  const last = lastRealRun(history);
  if (last !== null && !isSuccess(last.outcome)) {
    const message = last.lastError ?? `The last run ended as ${last.outcome}`;
    return { type, status: 'False', reason: last.outcome, message };
  }
  const { lastRun } = history;
  if (lastRun !== null && !lastRun.dryRun && provesNothing(lastRun)) {
    const message = lastRun.lastError ?? `The last run ended as ${lastRun.outcome}`;
    return { type, status: 'Unknown', reason: lastRun.outcome, message };
  }
  if (last === null) return { type, status: 'Unknown', reason: 'NeverRan', message: 'The task has not run yet' };
  const [warning] = last.warnings;
  const message = warning === undefined ? 'The last run succeeded' : `The last run succeeded, but: ${warning}`;
  return { type, status: 'True', reason: last.outcome, message };
}

function provesNothing({ dryRun, outcome }: RunRecord): boolean {
  return dryRun || outcome === 'Skipped' || outcome === 'LimitReached';
}
