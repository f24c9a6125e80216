import type { Clock } from '../model/clock.ts';
import type { DaemonStatus, SnapshotStatus } from '../model/daemon-status.ts';
import type { Emit } from '../model/event.ts';
import type { Result } from '../model/result.ts';
import type { Reading } from './follower.ts';
import type { Reconciliation } from './reconcile.ts';

/** Keeps in mind how the daemon is, from what happens to it. */
export interface DaemonReport {
  readonly note: Emit;
  /** A reading was taken, and this came of it. */
  took(reading: Reading, done: Result<Reconciliation, string>): void;
  status(): DaemonStatus;
}

interface DaemonReportOptions extends Pick<DaemonStatus, 'pid' | 'version' | 'apply'> {
  readonly watch: DaemonStatus['watch']['mode'];
  readonly clock: Clock;
  /** How many runs are in flight. */
  readonly running: () => number;
}

export function createDaemonReport({ watch, clock, running, ...fixed }: DaemonReportOptions): DaemonReport {
  const now = () => new Date(clock.now()).toISOString();
  const startedAt = now();
  let stopping = false;
  let degraded: string | null = null;
  let snapshot: SnapshotStatus | null = null;
  let unavailable: DaemonStatus['unavailable'] = null;

  return {
    note(event) {
      if (event.type === 'DaemonStopping') stopping = true;
      if (event.type === 'WatchDegraded') degraded = event.detail;
    },
    took(reading, done) {
      if (!reading.ok) unavailable = { ...reading.error, since: unavailable?.since ?? now() };
      if (!reading.ok || !done.ok) return;
      unavailable = null;
      snapshot = { at: now(), revision: reading.value.revision, ...countsOf(done.value) };
    },
    status: () => ({
      ...{ ...fixed, startedAt, stopping, watch: { mode: watch, degraded } },
      ...{ snapshot, unavailable, runs: running() },
    }),
  };
}

function countsOf({ desired, plan, failure }: Reconciliation): Omit<SnapshotStatus, 'at' | 'revision'> {
  return {
    ...{ hash: plan.hash, summary: plan.summary, failure },
    ...{ tasks: desired.tasks.size, credentials: desired.credentials.size, invalid: desired.invalid.size },
  };
}
