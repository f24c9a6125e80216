import type { Event } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Progress } from '../../src/model/run.ts';
import { problem, resolvedTask, runRecord } from '../helper/build.ts';

export const now = Date.UTC(2026, 0, 2, 12);
export const mebibyte = 1024 * 1024;

export function progress(part: Partial<Progress> = {}): Progress {
  return {
    bytes: 1200 * mebibyte,
    totalBytes: 3400 * mebibyte,
    transfers: 12,
    totalTransfers: 40,
    checks: 7,
    deletes: 0,
    errors: 0,
    speed: 10.1 * mebibyte,
    etaSeconds: 200,
    ...part,
  };
}

export function plan(part: Partial<Plan> = {}): Plan {
  const after = resolvedTask();
  return {
    formatVersion: '1.0',
    hash: 'sha256:abc',
    revision: null,
    summary: { create: 1, update: 0, delete: 0, unchanged: 3, adopt: 0, invalid: 0, blocked: 0 },
    changes: [
      { name: 'photos', path: 'a.yaml', action: 'create', reason: 'NewManifest', before: null, after, effects: [] },
      { name: 'docs', path: 'b.yaml', action: 'unchanged', reason: 'NoChange', before: after, after, effects: [] },
    ],
    problems: [],
    ...part,
  };
}

const run = { task: 'photos', runId: 'r1' } as const;

/** One of each event, and more where the wording branches. */
export const events: readonly Event[] = [
  {
    type: 'DaemonStarted',
    pid: 42,
    version: '0.1.0',
    tasks: 'tasks.d',
    state: '/var/lib/cloudsync/tasks.d-0123456789ab',
    timeZone: 'Europe/Berlin',
  },
  { type: 'StatusPlaced', directory: 'tasks.d', reason: 'beside' },
  { type: 'StatusPlaced', directory: '/state/status', reason: 'readOnly' },
  { type: 'StatusPlaced', directory: '/state/status', reason: 'swappedCheckout' },
  { type: 'StatusPlaced', directory: '/status', reason: 'configured' },
  { type: 'DaemonStopping', signal: 'SIGTERM', running: 2 },
  { type: 'DaemonStopped' },
  { type: 'StateRemade', path: '/var/lib/cloudsync/tasks.d-0123456789ab' },
  { type: 'Listening', address: '127.0.0.1:9180' },
  { type: 'ListenTrouble', detail: 'Everybody on this machine may read the token in /token' },
  { type: 'ReconcileAsked', revision: '0123456789abcdef' },
  { type: 'ReconcileAsked', revision: null },
  { type: 'StateCorrupt', path: 'active.json', movedTo: 'active.json.corrupt', detail: 'Unexpected end of JSON input' },
  { type: 'WriteFailed', path: 'photos.status.json', detail: 'ENOSPC: no space left on device' },
  { type: 'NoInit' },
  { type: 'TimeZoneUnusable', message: 'TZ is "Europe/Berln", which is not the name of a time zone' },
  { type: 'RcloneUnusable', message: 'rclone was not found on PATH' },
  { type: 'SourceUnavailable', cause: { reason: 'Missing', message: 'tasks.d does not exist' } },
  { type: 'WatchDegraded', detail: 'ENOSPC: inotify watches are exhausted' },
  { type: 'Reconciled', plan: plan(), durationMs: 12, waiting: [] },
  {
    type: 'Reconciled',
    plan: plan({ problems: [problem()], summary: { ...plan().summary, create: 0, invalid: 1 } }),
    durationMs: 1500,
    waiting: ['films', 'music'],
  },
  {
    type: 'Reconciled',
    plan: plan({ summary: { ...plan().summary, create: 0, unchanged: 0 } }),
    durationMs: 1,
    waiting: [],
  },
  { type: 'DriftFound', plan: plan(), durationMs: 12 },
  { type: 'DriftFound', plan: plan({ summary: { ...plan().summary, create: 0 } }), durationMs: 12 },
  { type: 'Scheduled', task: 'photos', next: now, timeZone: 'Europe/Berlin' },
  { type: 'Scheduled', task: 'photos', next: null, timeZone: 'UTC' },
  { type: 'RunQueued', ...run, trigger: 'manual', reason: 'four runs are in flight already' },
  { type: 'RunStarted', ...run, trigger: 'schedule', dryRun: false, at: now, specHash: 'sha256:abc' },
  { type: 'RunStarted', ...run, trigger: 'manual', dryRun: true, at: now, specHash: 'sha256:abc' },
  { type: 'RunSpawned', ...run, pid: 43 },
  { type: 'RunProgress', ...run, progress: progress() },
  { type: 'RunChange', ...run, change: { action: 'copy', path: 'a.jpg', size: 1 } },
  { type: 'RunLog', ...run, level: 'info', message: 'Copied (new)' },
  { type: 'RunLog', ...run, level: 'notice', message: 'Can\u001b[2Jt follow symlink' },
  { type: 'RunLog', ...run, level: 'error', message: 'a.jpg: permission denied' },
  { type: 'RunFinished', ...run, record: runRecord() },
  {
    type: 'RunFinished',
    ...run,
    record: runRecord({ outcome: 'SucceededWithWarnings', warnings: ['2 links were skipped'] }),
  },
  { type: 'RunFinished', ...run, record: runRecord({ outcome: 'Failed', lastError: 'The remote is full.' }) },
  { type: 'RunFinished', ...run, record: runRecord({ outcome: 'Skipped', lastError: 'The pre-script said so.' }) },
  { type: 'RunSkipped', task: 'photos', scheduledFor: now, reason: 'the previous run is still going' },
];
