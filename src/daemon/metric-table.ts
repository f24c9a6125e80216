import type { DaemonStatus } from '../model/daemon-status.ts';
import type { ConditionType, TaskStatus } from '../model/status.ts';

/** A number that is looked up when it is asked for. `null`: there is none. */
export interface LookedUp<T> {
  /** Without the prefix. */
  readonly name: string;
  /** With its unit, where it has one. */
  readonly help: string;
  value(of: T): number | null;
}

/** Of each task that is applied. */
export const taskGauges: readonly LookedUp<TaskStatus>[] = [
  { name: 'task_ready', help: '1 while the task is applied and in force', value: (task) => holds(task, 'Ready') },
  { name: 'task_suspended', help: '1 while the task is switched off', value: (task) => holds(task, 'Suspended') },
  {
    name: 'task_overdue',
    help: '1 while a scheduled run was due and none has succeeded since',
    value: (task) => holds(task, 'Overdue'),
  },
  {
    name: 'task_out_of_sync',
    help: '1 while the manifest says something else than what is in force, or is not valid',
    value: ({ sync }) => (sync === 'Synced' ? 0 : 1),
  },
  {
    name: 'task_last_success_timestamp_seconds',
    help: 'When the last successful run ended, in seconds since the epoch; absent before the first',
    value: ({ lastSuccess }) => seconds(lastSuccess?.finishedAt),
  },
  {
    name: 'task_next_run_timestamp_seconds',
    help: 'When the schedule names the next run, in seconds since the epoch; absent where it names none',
    value: ({ schedule }) => seconds(schedule.next),
  },
  {
    name: 'task_last_run_duration_seconds',
    help: 'How long the last run took, in seconds',
    value: ({ lastRun }) =>
      lastRun === null ? null : (Date.parse(lastRun.finishedAt) - Date.parse(lastRun.startedAt)) / 1000,
  },
  {
    name: 'task_consecutive_failures',
    help: 'How many runs have failed since the last success',
    value: ({ consecutiveFailures }) => consecutiveFailures,
  },
];

/** Of the daemon; the age of a reading needs to know the time, in milliseconds. */
export const daemonGauges: readonly LookedUp<DaemonStatus & { readonly now: number }>[] = [
  {
    name: 'manifest_invalid',
    help: 'How many manifests are not valid',
    value: ({ snapshot }) => snapshot?.invalid ?? null,
  },
  {
    name: 'prune_blocked',
    help: 'How many tasks are kept although their manifests are gone, until somebody approves',
    value: ({ snapshot }) => snapshot?.summary.blocked ?? null,
  },
  {
    name: 'snapshot_age_seconds',
    help: 'How long ago the tasks directory was read, in seconds; absent before the first time',
    value: ({ snapshot, now }) => (snapshot === null ? null : Math.max(0, (now - Date.parse(snapshot.at)) / 1000)),
  },
  {
    name: 'source_unavailable',
    help: '1 while the tasks directory cannot be read',
    value: ({ unavailable }) => (unavailable === null ? 0 : 1),
  },
  {
    name: 'watch_degraded',
    help: '1 while changes are noticed only by reading the directory every few seconds',
    value: ({ watch }) => (watch.degraded === null ? 0 : 1),
  },
  {
    name: 'active_runs',
    help: 'How many runs are in flight, those that wait for their turn included',
    value: ({ runs }) => runs,
  },
];

function holds({ conditions }: TaskStatus, type: ConditionType): number {
  return conditions.some((condition) => condition.type === type && condition.status === 'True') ? 1 : 0;
}

function seconds(at: string | null | undefined): number | null {
  return at === null || at === undefined ? null : Date.parse(at) / 1000;
}
