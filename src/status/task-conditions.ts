import { isError } from '../model/problem.ts';
import { verifiedObservation } from './check-status.ts';
import type { Observation } from './condition.ts';
import { isOverdue } from './overdue.ts';
import { lastRealRun, lastRunObservation } from './run-judgement.ts';
import { validObservation } from './status-problem.ts';
import type { TaskFacts } from './task-facts.ts';
import { timestamp } from './timestamp.ts';

/** `Reconciling` and `Stalled` are there only when True, as kstatus wants it, and `Verified` after a check. */
export function taskObservations(facts: TaskFacts, now: number): readonly Observation[] {
  return [
    ready(facts),
    valid(facts),
    lastRunObservation(facts.history),
    suspended(facts),
    overdue(facts, now),
    reconciling(facts),
    stalled(facts),
    verifiedObservation(facts),
  ].filter((observation) => observation !== null);
}

export function taskIsOverdue({ active, dueSinceSuccess, activeRun }: TaskFacts, now: number): boolean {
  return (
    active?.spec.enabled === true &&
    isOverdue({ dueSinceSuccess, runStartedAt: activeRun?.startedAt ?? null, timeoutMs: active.spec.timeoutMs, now })
  );
}

/** Whether the manifest, if there is one, says something else than what is applied. */
export function differs({ observed, active, kept }: TaskFacts): boolean {
  return kept === null && observed?.specHash !== active?.specHash;
}

/** Nothing becomes of a manifest that has changed until somebody asks. */
function waitingText(facts: TaskFacts): string {
  if (facts.automatic || !differs(facts)) return '';
  const what = facts.observed === null ? 'is gone, and its end' : 'says something else and';
  return `; the manifest ${what} waits for "cloudsync apply"`;
}

/** About the version in force: a suspended task, or one whose new version is not valid, is still Ready. */
function ready(facts: TaskFacts): Observation {
  const { active, observed, automatic, blocked, kept, problems } = facts;
  const type = 'Ready';
  if (active === null) {
    if (problems.some(isError)) {
      const message = 'The manifest is not valid and no version of it was ever applied';
      return { type, status: 'False', reason: 'InvalidManifest', message };
    }
    if (blocked !== null) return { type, status: 'False', reason: 'Blocked', message: blocked };
    if (observed === null) {
      return { type, status: 'False', reason: 'ManifestRemoved', message: 'The manifest is gone' };
    }
    const message = automatic ? 'The manifest is about to be applied' : 'The manifest waits for "cloudsync apply"';
    return { type, status: 'False', reason: 'NotApplied', message };
  }
  const { enabled, schedule } = active.spec;
  if (problems.some(isError)) {
    const message = `${enabled ? 'Running' : 'Keeping'} the last good version, generation ${active.generation}`;
    return { type, status: 'True', reason: 'LastGoodKept', message };
  }
  if (blocked !== null) return { type, status: 'True', reason: 'Blocked', message: blocked };
  if (kept !== null) return { type, status: 'True', reason: 'ScheduleKept', message: `Goes on: ${kept}` };
  const waits = waitingText(facts);
  if (!enabled) return { type, status: 'True', reason: 'Suspended', message: `The task is suspended${waits}` };
  if (schedule === null) {
    return { type, status: 'True', reason: 'ManualOnly', message: `Runs when somebody asks${waits}` };
  }
  return { type, status: 'True', reason: 'Scheduled', message: `Runs on the schedule "${schedule.cron}"${waits}` };
}

function valid({ observed, problems }: TaskFacts): Observation {
  if (observed !== null || problems.length > 0) return validObservation(problems);
  return { type: 'Valid', status: 'Unknown', reason: 'ManifestRemoved', message: 'The manifest is gone' };
}

function suspended({ active }: TaskFacts): Observation {
  const type = 'Suspended';
  if (active === null) return { type, status: 'Unknown', reason: 'NotApplied', message: 'Nothing was applied yet' };
  return active.spec.enabled
    ? { type, status: 'False', reason: 'Enabled', message: 'The task is enabled' }
    : { type, status: 'True', reason: 'Disabled', message: 'The manifest says "enabled: false"' };
}

function overdue(facts: TaskFacts, now: number): Observation {
  const type = 'Overdue';
  const { active, dueSinceSuccess } = facts;
  if (active === null || !active.spec.enabled || dueSinceSuccess === null) {
    return { type, status: 'False', reason: 'NotScheduled', message: 'Nothing is due' };
  }
  if (!taskIsOverdue(facts, now)) {
    return { type, status: 'False', reason: 'OnTime', message: 'No scheduled run is overdue' };
  }
  const message = `A run was due at ${timestamp(dueSinceSuccess)} and none has succeeded since`;
  return { type, status: 'True', reason: 'NoSuccessSinceDue', message };
}

function reconciling(facts: TaskFacts): Observation | null {
  const { observed, blocked, automatic, problems } = facts;
  if (!automatic || blocked !== null || problems.some(isError) || !differs(facts)) return null;
  const type = 'Reconciling';
  return observed === null
    ? { type, status: 'True', reason: 'ManifestRemoved', message: 'The manifest is gone; waiting to be sure' }
    : { type, status: 'True', reason: 'ApplyPending', message: 'The manifest is about to be applied' };
}

/** Nothing moves on before somebody does something. */
function stalled({ problems, blocked, history }: TaskFacts): Observation | null {
  const type = 'Stalled';
  if (problems.some(isError)) {
    return { type, status: 'True', reason: 'InvalidManifest', message: validObservation(problems).message };
  }
  if (blocked !== null) return { type, status: 'True', reason: 'Blocked', message: blocked };
  const last = lastRealRun(history);
  if (last?.outcome !== 'Blocked' && last?.outcome !== 'AuthExpired') return null;
  const reason = last.outcome === 'Blocked' ? 'RunBlocked' : 'AuthExpired';
  return { type, status: 'True', reason, message: lastRunObservation(history).message };
}
