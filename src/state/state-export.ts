import type { ActiveSet, ActiveTask } from '../model/active.ts';
import { parseJson, recordOf } from '../model/json-text.ts';
import { err, ok, type Result } from '../model/result.ts';
import { parseActiveTask } from './active-log.ts';

/** What is active, to be compared with manifests elsewhere. */
export interface StateExport {
  /** Where the manifests lie, absolute and as the directory was named: relative paths in them start from there. */
  readonly tasksDirectory: string;
  readonly tasks: ActiveSet;
}

const kind = 'CloudSyncState';
const wayOut = 'Make one with "cloudsync state pull".';

/** Equal states give equal documents. Times are RFC 3339 in UTC, and secrets are references, as in the manifests. */
export function stateDocument({ tasksDirectory, tasks }: StateExport): object {
  const sorted = [...tasks.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  return { apiVersion: 'cloudsync/v1', kind, tasksDirectory, tasks: sorted.map(taskDocument) };
}

function taskDocument(task: ActiveTask): object {
  const { appliedAt, scheduledSince } = task;
  return {
    ...task,
    appliedAt: new Date(appliedAt).toISOString(),
    scheduledSince: new Date(scheduledSince).toISOString(),
  };
}

/** The error says what is wrong with which task, or what the text is instead. */
export function parseState(text: string): Result<StateExport, string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return err(`${parsed.error}. ${wayOut}`);
  const { apiVersion, kind: found, tasksDirectory, tasks } = recordOf(parsed.value);
  if (found !== kind) return err(`is no exported state. ${wayOut}`);
  if (apiVersion !== 'cloudsync/v1') {
    return err(`is a state of ${apiVersion}, and this version reads cloudsync/v1. ${wayOut}`);
  }
  if (typeof tasksDirectory !== 'string' || !Array.isArray(tasks)) return err(`is no whole state. ${wayOut}`);
  const active = new Map<string, ActiveTask>();
  for (const [index, value] of tasks.entries()) {
    const task = parseTask(value);
    if (typeof task === 'string') return err(`has a fault in tasks[${index}]${nameText(value)}: ${task}. ${wayOut}`);
    if (active.has(task.name)) return err(`has two tasks named ${task.name}. ${wayOut}`);
    active.set(task.name, task);
  }
  return ok({ tasksDirectory, tasks: active });
}

function parseTask(value: unknown): ActiveTask | string {
  const { appliedAt, scheduledSince } = recordOf(value);
  const times = { appliedAt: timeOf(appliedAt), scheduledSince: timeOf(scheduledSince) };
  return parseActiveTask({ ...recordOf(value), ...times });
}

/** What is no time is none of a task either. */
function timeOf(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function nameText(value: unknown): string {
  const { name } = recordOf(value);
  return typeof name === 'string' ? ` (${name})` : '';
}
