import { expect, test } from 'vitest';
import { createDaemonReport } from '../../src/daemon/daemon-report.ts';
import type { Reconciliation } from '../../src/daemon/reconcile.ts';
import { err, ok } from '../../src/model/result.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { fakeClock } from '../helper/fake-clock.ts';

const snapshot: Snapshot = {
  ...{ directory: 'tasks.d', baseDirectory: '/tasks.d', realDirectory: '/tasks.d' },
  ...{ files: [], unread: [], revision: 'abc', allowEmpty: false },
};
const summary = { create: 0, update: 0, delete: 0, unchanged: 0, adopt: 0, invalid: 0, blocked: 0 };
const pass: Reconciliation = {
  desired: { revision: 'abc', tasks: new Map(), credentials: new Map(), invalid: new Map(), problems: [] } as never,
  plan: { formatVersion: '1.0', hash: 'sha256:1', revision: 'abc', summary, changes: [], problems: [] } as never,
  ...{ applied: true, active: new Map(), failure: null, absentSince: new Map(), confirmAt: null },
};

function reporting() {
  const clock = fakeClock(0);
  const fixed = { pid: 1, version: '1.2.3', apply: 'auto', watch: 'poll' } as const;
  return { clock, report: createDaemonReport({ ...fixed, clock, running: () => 2 }) };
}

test('tells what was read last, and since when nothing can be read', () => {
  const { clock, report } = reporting();
  expect(report.status()).toEqual({
    ...{ pid: 1, version: '1.2.3', apply: 'auto', startedAt: '1970-01-01T00:00:00.000Z', stopping: false },
    ...{ watch: { mode: 'poll', degraded: null }, snapshot: null, unavailable: null, runs: 2 },
  });
  const missing = { reason: 'Missing', message: 'tasks.d does not exist' } as const;
  clock.advance(1000);
  report.took(err(missing), err(missing.message));
  clock.advance(1000);
  report.took(err(missing), err(missing.message));
  expect(report.status().unavailable).toEqual({ ...missing, since: '1970-01-01T00:00:01.000Z' });
  clock.advance(1000);
  report.took(ok(snapshot), ok(pass));
  expect(report.status()).toMatchObject({
    unavailable: null,
    snapshot: { at: '1970-01-01T00:00:03.000Z', revision: 'abc', hash: 'sha256:1', tasks: 0, invalid: 0 },
  });
});

test('remembers that events do not come, and that it is stopping', () => {
  const { report } = reporting();
  report.note({ type: 'WatchDegraded', detail: 'ENOSPC' });
  report.note({ type: 'DaemonStopping', signal: 'SIGTERM', running: 0 });
  expect(report.status()).toMatchObject({ stopping: true, watch: { degraded: 'ENOSPC' } });
});
