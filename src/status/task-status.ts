import { reconcileToken } from '../model/annotation.ts';
import { isError } from '../model/problem.ts';
import { type ActiveRun, isSuccess, type RunRecord } from '../model/run.ts';
import type {
  ActiveRunStatus,
  AppliedState,
  HandledTokens,
  HealthState,
  RunStatus,
  SyncState,
  TaskStatus,
} from '../model/status.ts';
import { verifiedStatus } from './check-status.ts';
import { settleConditions } from './condition.ts';
import { lastRealRun } from './run-judgement.ts';
import { statusProblems } from './status-problem.ts';
import { differs, taskIsOverdue, taskObservations } from './task-conditions.ts';
import type { TaskFacts } from './task-facts.ts';
import { timestamp } from './timestamp.ts';

/**
 * The status of a task, or of a manifest too broken to tell what it is. It follows from the facts alone, so it can be
 * made anew whenever the file is lost; `previous` only tells since when things have been as they are.
 */
export function taskStatus(facts: TaskFacts, previous: TaskStatus | null, now: number): TaskStatus {
  const { active, history, activeRun } = facts;
  const observed = observedState(facts, previous, now);
  const generation = observed?.generation ?? active?.generation ?? 0;
  return {
    sync: syncState(facts),
    health: healthState(facts, now),
    observed,
    applied: appliedState(facts),
    conditions: settleConditions(taskObservations(facts, now), previous?.conditions ?? [], generation, now),
    schedule: {
      next: optionalTimestamp(facts.nextRun),
      last: optionalTimestamp(history.lastScheduled),
      missed: history.missed,
    },
    activeRun: activeRun === null ? null : activeRunStatus(activeRun),
    lastRun: history.lastRun === null ? null : lastRunStatus(history.lastRun),
    lastSuccess: history.lastSuccess === null ? null : successStatus(history.lastSuccess),
    consecutiveFailures: history.consecutiveFailures,
    history: history.runs.map(runStatus),
    verified: verifiedStatus(facts),
    handled: handledTokens(facts),
    problems: statusProblems(facts.problems),
    writer: { version: facts.writerVersion },
  };
}

function syncState(facts: TaskFacts): SyncState {
  if (facts.problems.some(isError)) return 'Invalid';
  if (facts.blocked !== null) return 'Blocked';
  return differs(facts) ? 'OutOfSync' : 'Synced';
}

/** Overdue is Degraded: a backup that silently does not run must never look healthy. */
function healthState(facts: TaskFacts, now: number): HealthState {
  const last = lastRealRun(facts.history);
  if (facts.activeRun !== null) return 'Progressing';
  if (facts.active?.spec.enabled === false) return 'Suspended';
  if (facts.problems.some(isError) || taskIsOverdue(facts, now)) return 'Degraded';
  if (last === null) return 'Unknown';
  return isSuccess(last.outcome) ? 'Healthy' : 'Degraded';
}

/** Where and when this content was first seen: seeing it again, at a later commit too, changes nothing. */
function observedState(facts: TaskFacts, previous: TaskStatus | null, now: number): AppliedState | null {
  const { observed, active } = facts;
  if (observed === null) return null;
  const { specHash } = observed;
  const generation = active === null ? 1 : active.generation + (differs(facts) ? 1 : 0);
  const seenBefore = previous?.observed?.specHash === specHash ? previous.observed : null;
  const { revision } = active?.specHash === specHash ? active : (seenBefore ?? observed);
  return { generation, specHash, revision, at: seenBefore?.at ?? timestamp(now) };
}

function appliedState({ active }: TaskFacts): AppliedState | null {
  if (active === null) return null;
  const { generation, specHash, revision, appliedAt } = active;
  return { generation, specHash, revision, at: timestamp(appliedAt) };
}

function handledTokens({ active }: TaskFacts): HandledTokens {
  if (active === null) return { runAt: null, reconcileAt: null };
  return { runAt: active.runTokens.handled, reconcileAt: reconcileToken(active.annotations) };
}

function activeRunStatus({
  id,
  trigger,
  startedAt,
  specHash,
  attempt,
  waitingFor,
  progress,
}: ActiveRun): ActiveRunStatus {
  return { id, trigger, startedAt: timestamp(startedAt), specHash, attempt, waitingFor, progress };
}

/** The names are in the status of the last run only, so that a long history stays small. */
function lastRunStatus(run: RunRecord): RunStatus {
  const { warningDetails } = run;
  return warningDetails === undefined ? runStatus(run) : { ...runStatus(run), warningDetails };
}

function runStatus(run: RunRecord): RunStatus {
  const { id, trigger, attempt, dryRun, outcome, exitCode, stats, lastError, warnings, log } = run;
  const startedAt = timestamp(run.startedAt);
  const finishedAt = timestamp(run.finishedAt);
  return { id, trigger, attempt, dryRun, outcome, startedAt, finishedAt, exitCode, stats, lastError, warnings, log };
}

function successStatus({ id, finishedAt }: RunRecord): TaskStatus['lastSuccess'] {
  return { id, finishedAt: timestamp(finishedAt) };
}

function optionalTimestamp(at: number | null): string | null {
  return at === null ? null : timestamp(at);
}
