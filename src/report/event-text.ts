import type { DaemonEvent, Event, ReconcileEvent, RunEvent } from '../model/event.ts';
import { type Action, actions, hasChanges, type Plan } from '../model/plan.ts';
import { isError } from '../model/problem.ts';
import { unreachable } from '../model/result.ts';
import type { RunRecord } from '../model/run.ts';
import { plural } from '../model/wording.ts';
import { checkSentence } from './check-result.ts';
import { isAtLeast } from './event-level.ts';
import { formatBytes, formatDuration, formatTime } from './format.ts';
import { warningLine } from './run-line.ts';
import { sanitizeLine } from './sanitize.ts';
import { outcomeStyles } from './state-style.ts';
import { paint } from './style.ts';

/** One line for a person; `null` for what would only be noise. */
export function renderEvent(event: Event, { color }: { readonly color: boolean }): string | null {
  switch (event.type) {
    case 'RunQueued':
    case 'RunStarted':
    case 'RunSpawned':
    case 'RunProgress':
    case 'RunChange':
    case 'RunLog':
    case 'RunFinished':
    case 'RestoreFinished':
    case 'CheckFinished':
    case 'RunSkipped': {
      const text = runText(event, color);
      return text === null ? null : `${paint(event.task, 'bold', color)}: ${text}`;
    }
    case 'SourceUnavailable':
    case 'WatchDegraded':
    case 'Reconciled':
    case 'DriftFound':
    case 'Scheduled':
      return reconcileText(event);
    default:
      return daemonText(event);
  }
}

const placements: Readonly<Record<Extract<Event, { type: 'StatusPlaced' }>['reason'], string>> = {
  beside: 'beside the manifests',
  readOnly: 'because the tasks directory is read-only',
  swappedCheckout: 'because the tasks directory is replaced as a whole at each change',
  configured: 'as configured',
};

function daemonText(event: DaemonEvent): string {
  switch (event.type) {
    case 'DaemonStarted':
      return `cloudsync ${event.version} started (pid ${event.pid}), tasks in ${sanitizeLine(event.tasks)}, state in ${sanitizeLine(event.state)}, time zone ${event.timeZone}`;
    case 'StatusPlaced':
      return `Status files go to ${sanitizeLine(event.directory)}, ${placements[event.reason]}`;
    case 'DaemonStopping':
      return `Stopping on ${event.signal}; ${plural(event.running, 'run')} in flight`;
    case 'DaemonStopped':
      return 'Stopped';
    case 'Listening':
      return `Listening on http://${event.address}`;
    case 'ListenTrouble':
      return sanitizeLine(event.detail);
    case 'ReconcileAsked':
      return event.revision === null ? 'Asked to reconcile' : `Asked to reconcile, for ${event.revision}`;
    case 'StateCorrupt':
      return `${sanitizeLine(event.path)} cannot be read and was set aside as ${sanitizeLine(event.movedTo)}: ${sanitizeLine(event.detail)}`;
    case 'StateRemade':
      return `The state directory ${sanitizeLine(event.path)} was removed or replaced, and is made anew from what is in force; logs of earlier runs and renewed OAuth tokens went with it. Keep it elsewhere with --state-dir.`;
    case 'WriteFailed':
      return `Cannot write ${sanitizeLine(event.path)}, will try again: ${sanitizeLine(event.detail)}`;
    case 'NoInit':
      return 'Cloudsync is process 1, which does not reap the processes that scripts leave behind; start it under an init: docker run --init, init: true in compose, or tini';
    case 'RcloneUnusable':
    case 'TimeZoneUnusable':
      return sanitizeLine(event.message);
    default:
      return unreachable(event);
  }
}

function reconcileText(event: ReconcileEvent): string {
  switch (event.type) {
    case 'SourceUnavailable':
      return `The tasks directory cannot be read now, everything stays as it is: ${sanitizeLine(event.cause.message)}`;
    case 'WatchDegraded':
      return `Changes are not announced, reading the directory again at intervals: ${sanitizeLine(event.detail)}`;
    case 'Reconciled':
      return reconciledText(event.plan, event.durationMs, event.waiting);
    case 'DriftFound': {
      const wait = hasChanges(event.plan) ? 'these wait for "cloudsync apply"' : 'nothing waits to be applied';
      return `${reconciledText(event.plan, event.durationMs, [])}; ${wait}`;
    }
    case 'Scheduled':
      return event.next === null
        ? `${event.task}: runs only when asked`
        : `${event.task}: next run ${formatTime(event.next, event.timeZone)}`;
    default:
      return unreachable(event);
  }
}

/** These say what the manifests are, not what was done: with `--apply manual` nothing is. */
const actionWords: Readonly<Record<Action, string>> = {
  create: 'new',
  update: 'changed',
  delete: 'removed',
  unchanged: 'unchanged',
  adopt: 'moved',
  invalid: 'invalid',
  blocked: 'blocked',
};

function reconciledText(plan: Plan, durationMs: number, waiting: readonly string[]): string {
  const { summary, problems } = plan;
  const counts = actions.filter((action) => summary[action] > 0).map((each) => `${summary[each]} ${actionWords[each]}`);
  const first = problems.find(isError);
  const detail = first === undefined ? '' : `; ${first.file}:${first.line}: ${first.message}`;
  const took = formatDuration(durationMs);
  const isChanged = plan.changes.some(({ name, action }) => action !== 'delete' && waiting.includes(name ?? ''));
  const what = isChanged ? 'changed' : 'removed';
  const wait = waiting.length === 0 ? '' : `; looking again before ${waiting.join(', ')} is ${what}`;
  return `Tasks: ${counts.length === 0 ? 'none' : counts.join(', ')} (${took})${wait}${sanitizeLine(detail)}`;
}

function runText(event: RunEvent, color: boolean): string | null {
  switch (event.type) {
    case 'RunQueued':
      return `waiting, ${sanitizeLine(event.reason)}`;
    case 'RunStarted':
      return `${event.dryRun ? 'dry run' : 'run'} started (${event.trigger}), ${event.runId}`;
    case 'RunSkipped':
      return `run skipped, ${sanitizeLine(event.reason)}`;
    case 'RunFinished':
      return finishedText(event.record, color);
    case 'RestoreFinished':
      return `restore to ${sanitizeLine(event.directory)}: ${finishedText(event.record, color)}`;
    case 'CheckFinished':
      return `check: ${checkSentence(event.check, color)}`;
    case 'RunLog':
      return isAtLeast(event.level, 'notice') ? sanitizeLine(event.message) : null;
    case 'RunSpawned':
    case 'RunProgress':
    case 'RunChange':
      return null;
    default:
      return unreachable(event);
  }
}

function finishedText(record: RunRecord, color: boolean): string {
  const { outcome, startedAt, finishedAt, stats, lastError, warnings } = record;
  const detail = lastError ?? warningLine(warnings) ?? undefined;
  const counts = `${plural(stats.transfers, 'file')}, ${formatBytes(stats.bytes)}, ${stats.deletes} deleted`;
  const how = paint(outcome, outcomeStyles[outcome], color);
  return `${how} in ${formatDuration(finishedAt - startedAt)}, ${counts}${detail === undefined ? '' : `: ${sanitizeLine(detail)}`}`;
}
