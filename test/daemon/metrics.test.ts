import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/daemon/metrics.ts';
import type { DaemonStatus } from '../../src/model/daemon-status.ts';
import type { Event } from '../../src/model/event.ts';
import type { RunRecord } from '../../src/model/run.ts';
import type { TaskStatus } from '../../src/model/status.ts';
import { runRecord } from '../helper/build.ts';
import { parseExposition } from '../helper/exposition.ts';

const daemon: DaemonStatus = {
  ...{ pid: 1, version: '1.2.3', startedAt: '2026-01-01T00:00:00.000Z', stopping: false, apply: 'auto' },
  ...{ watch: { mode: 'auto', degraded: null }, snapshot: null, unavailable: null, runs: 3 },
};

function statusOf(part: Partial<TaskStatus> = {}): TaskStatus {
  return {
    ...{ sync: 'Synced', conditions: [], schedule: { next: null, last: null, missed: 0 }, lastRun: null },
    ...{ lastSuccess: null, consecutiveFailures: 0 },
    ...part,
  } as TaskStatus;
}

function condition(type: string, status: string) {
  return { type, status } as TaskStatus['conditions'][number];
}

function ended(task: string, part: Partial<RunRecord> = {}): Event {
  const record = runRecord({ task, startedAt: 0, finishedAt: 30_000, ...part });
  return { type: 'RunFinished', task, runId: record.id, record };
}

/** Metrics over facts that a test can change. */
async function measuring() {
  const facts = { tasks: new Map([['photos', statusOf()]]), daemon, now: Date.parse('2026-01-01T01:00:00Z') };
  const metrics = await createMetrics({ tasks: () => facts.tasks, daemon: () => facts.daemon, now: () => facts.now });
  async function series(name: string): Promise<Readonly<Record<string, number>>> {
    const family = parseExposition((await metrics.render()).text).get(`cloudsync_${name}`);
    return Object.fromEntries(
      (family?.samples ?? []).map((sample) => [Object.values(sample.labels).join(), sample.value]),
    );
  }
  return { facts, metrics, series };
}

describe('metrics', () => {
  test('of a task are looked up when they are asked for', async () => {
    const { facts, series } = await measuring();
    const at = '2026-01-01T00:30:00.000Z';
    facts.tasks = new Map([
      [
        'photos',
        statusOf({
          conditions: [condition('Ready', 'True'), condition('Suspended', 'False'), condition('Overdue', 'True')],
          ...{ sync: 'OutOfSync', consecutiveFailures: 2, schedule: { next: at, last: null, missed: 7 } },
          lastSuccess: { id: 'a', finishedAt: at },
          lastRun: { startedAt: at, finishedAt: '2026-01-01T00:30:01.500Z' } as TaskStatus['lastRun'],
        }),
      ],
      ['music', statusOf({ conditions: [condition('Ready', 'False'), condition('Suspended', 'True')] })],
    ]);
    expect(await series('task_ready')).toEqual({ photos: 1, music: 0 });
    expect(await series('task_suspended')).toEqual({ photos: 0, music: 1 });
    expect(await series('task_overdue')).toEqual({ photos: 1, music: 0 });
    expect(await series('task_out_of_sync')).toEqual({ photos: 1, music: 0 });
    expect(await series('task_consecutive_failures')).toEqual({ photos: 2, music: 0 });
    expect(await series('task_last_success_timestamp_seconds')).toEqual({ photos: Date.parse(at) / 1000 });
    expect(await series('task_next_run_timestamp_seconds')).toEqual({ photos: Date.parse(at) / 1000 });
    expect(await series('task_last_run_duration_seconds')).toEqual({ photos: 1.5 });
    expect(await series('missed_total')).toEqual({ photos: 7, music: 0 });
    expect(await series('missed_total')).toEqual({ photos: 7, music: 0 });
  });

  test('of the daemon claim nothing before there is something to say', async () => {
    const { facts, series } = await measuring();
    for (const name of ['manifest_invalid', 'prune_blocked', 'snapshot_age_seconds'])
      expect(await series(name)).toEqual({});
    expect(await series('watch_degraded')).toEqual({ '': 0 });
    expect(await series('source_unavailable')).toEqual({ '': 0 });
    expect(await series('active_runs')).toEqual({ '': 3 });
    const summary = { create: 0, update: 0, delete: 0, unchanged: 1, adopt: 0, invalid: 2, blocked: 6 };
    facts.daemon = {
      ...daemon,
      watch: { mode: 'auto', degraded: 'ENOSPC' },
      unavailable: { reason: 'Missing', message: 'gone', since: '2026-01-01T00:59:00.000Z' },
      snapshot: {
        ...{ at: '2026-01-01T00:59:00.000Z', revision: null, hash: 'sha256:0', failure: null },
        ...{ tasks: 1, credentials: 0, invalid: 2, summary },
      },
    };
    expect(await series('manifest_invalid')).toEqual({ '': 2 });
    expect(await series('prune_blocked')).toEqual({ '': 6 });
    expect(await series('snapshot_age_seconds')).toEqual({ '': 60 });
    expect(await series('watch_degraded')).toEqual({ '': 1 });
    expect(await series('source_unavailable')).toEqual({ '': 1 });
  });

  test('are looked up once for all who ask at the same time', async () => {
    const { facts, metrics } = await measuring();
    const both = [metrics.render(), metrics.render()];
    facts.tasks = new Map();
    expect((await both[0])?.text).toBe((await both[1])?.text);
    expect((await metrics.render()).text).not.toContain('photos');
  });

  test('count runs, real ones alone, and forget those of tasks that are gone', async () => {
    const { facts, metrics, series } = await measuring();
    const stats = { ...runRecord().stats, bytes: 100, deletes: 2 };
    metrics.note(ended('photos', { stats }));
    metrics.note(ended('photos', { outcome: 'Failed', stats }));
    metrics.note(ended('photos', { dryRun: true, stats }));
    metrics.note({ type: 'DaemonStopped' });
    metrics.note(ended('music'));
    expect(await series('runs_total')).toEqual({ 'photos,Succeeded': 1, 'photos,Failed': 1 });
    expect(await series('bytes_total')).toEqual({ photos: 200 });
    expect(await series('deletes_total')).toEqual({ photos: 4 });
    expect(await series('run_duration_seconds')).toMatchObject({ '60,Succeeded': 2, '10,Succeeded': 0, Failed: 1 });
    facts.tasks = new Map();
    const { text } = await metrics.render();
    expect(text).not.toContain('photos');
    expect(text).not.toContain('music');
  });
});

describe('docs/monitoring.md', () => {
  test('lists every metric as it is served, and no other', async () => {
    const { metrics } = await measuring();
    metrics.note(ended('photos'));
    const families = parseExposition((await metrics.render()).text);
    const served = [...families].map(([name, { type, help }]) => `${name.replace('cloudsync_', '')} ${type} ${help}`);
    const rows = readFileSync('docs/monitoring.md', 'utf8').matchAll(/^\| `(\w+)` \| (\w+) \|[^|]*\| (.+) \|$/gm);
    const listed = [...rows].map(([, name, type, help]) => `${name} ${type} ${help}`);
    expect(listed).toEqual(served);
  });

  test('alerts by metrics that there are', async () => {
    const { metrics } = await measuring();
    const families = parseExposition((await metrics.render()).text);
    const text = readFileSync('docs/monitoring.md', 'utf8');
    const named = [...text.matchAll(/cloudsync_(?!$)[a-z_]+/g)]
      .map(([name]) => name)
      .filter((name) => !name.endsWith('_'));
    expect(named.filter((name) => !families.has(name))).toEqual([]);
  });
});
