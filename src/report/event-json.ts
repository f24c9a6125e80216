import type { Event } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import type { RunRecord } from '../model/run.ts';
import { checkDocument } from './check-result.ts';

/** An event as flat fields for a machine: times in RFC 3339, and a plan only as what it changes. */
export function eventFields(event: Event): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'Reconciled':
    case 'DriftFound': {
      const { plan, ...rest } = event;
      return { ...withoutType(rest), ...planFields(plan) };
    }
    case 'RunFinished':
      return { event: event.type, runId: event.runId, ...recordFields(event.record) };
    case 'RestoreFinished': {
      const { id: runId } = event.record;
      return { event: event.type, runId, directory: event.directory, ...recordFields(event.record) };
    }
    case 'CheckFinished':
      return { event: event.type, ...checkDocument(event.check) };
    case 'SourceUnavailable':
      return { event: event.type, reason: event.cause.reason, detail: event.cause.message };
    case 'Scheduled':
      return { ...withoutType(event), next: timestamp(event.next) };
    case 'RunStarted':
      return { ...withoutType(event), at: timestamp(event.at) };
    case 'RunSkipped':
      return { ...withoutType(event), scheduledFor: timestamp(event.scheduledFor) };
    case 'RunLog': {
      // The logger has a level and a message of its own.
      const { message, level: _, ...rest } = event;
      return { ...withoutType(rest), line: message };
    }
    case 'RcloneUnusable':
    case 'TimeZoneUnusable':
      return { event: event.type };
    default:
      return withoutType(event);
  }
}

function withoutType<T extends { readonly type: Event['type'] }>({ type, ...fields }: T): Record<string, unknown> {
  return { event: type, ...fields };
}

function planFields({ hash, revision, summary, changes, problems }: Plan): Record<string, unknown> {
  return {
    ...{ hash, revision, summary, problems: problems.length },
    changes: changes
      .filter(({ action }) => action !== 'unchanged')
      .map(({ name, path, action, reason }) => ({ name, path, action, reason })),
  };
}

function recordFields({ id: _, scheduledFor, startedAt, finishedAt, ...record }: RunRecord): Record<string, unknown> {
  return {
    ...record,
    scheduledFor: timestamp(scheduledFor),
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(finishedAt),
    durationMs: finishedAt - startedAt,
  };
}

function timestamp(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
