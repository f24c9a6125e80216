import { readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ControlClient, connect } from '../../src/daemon/control-client.ts';
import { type DaemonOptions, startDaemon } from '../../src/daemon/daemon.ts';
import type { StatusFile } from '../../src/model/status.ts';
import { sessionOptions, type TasksDirectory, tasksDirectory } from './tasks-directory.ts';
import { treeOf } from './tree.ts';
import '../helper/real-rclone.ts';

const minute = 60_000;

async function daemonOver(directory: TasksDirectory, part: Partial<DaemonOptions> = {}) {
  const { options, clock, told } = sessionOptions(directory);
  const started = await startDaemon({ ...options, apply: 'manual', ...part });
  if (!started.ok) throw new Error(started.error.message);
  const daemon = started.value;
  return {
    ...{ daemon, clock, told, client: await clientOf(directory) },
    [Symbol.asyncDispose]: () => daemon.stop('the end of the test'),
  };
}

async function clientOf({ settings }: TasksDirectory): Promise<ControlClient> {
  const client = await connect(settings.stateDirectory);
  if (client === null) throw new Error('nobody answers');
  return client;
}

/** The plan as it is now. */
async function hashOf(client: ControlClient): Promise<string> {
  const pass = await client.reconcile();
  if (!pass.ok) throw new Error(pass.error);
  return pass.value.plan.hash;
}

async function statusOf(directory: TasksDirectory, name: string): Promise<StatusFile> {
  return JSON.parse(await readFile(directory.at(`tasks.d/${name}.status.json`), 'utf8')) as StatusFile;
}

describe('a daemon that applies only when asked', () => {
  test('reports what differs once, changes nothing, and applies when asked', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos', 'schedule: { cron: "*/5 * * * *", timeZone: UTC }');
    await using world = await daemonOver(directory);
    const { told, client, daemon } = world;

    await daemon.reconcile();
    expect(await client.reconcile()).toMatchObject({ value: { applied: false, plan: { summary: { create: 1 } } } });
    expect(told.all('DriftFound')).toMatchObject([{ plan: { summary: { create: 1 } } }]);
    expect(told.all('Scheduled')).toEqual([]);

    expect(await client.apply(null)).toMatchObject({ value: { applied: true, plan: { summary: { create: 1 } } } });
    expect(told.all('Scheduled')).toHaveLength(1);
    expect(told.all('Reconciled')).toHaveLength(1);
    await daemon.reconcile();
    expect(told.all('DriftFound')).toHaveLength(1);
  });

  test('goes on with what was applied while its manifest says something else, and says so', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos', 'schedule: { cron: "*/5 * * * *", timeZone: UTC }');
    await using world = await daemonOver(directory);
    const { told, client, daemon, clock } = world;
    await client.apply(null);
    await directory.writeTask('photos', 'schedule: { cron: "0 0 1 1 *", timeZone: UTC }');
    await daemon.reconcile();

    clock.advance(5 * minute);
    expect((await told.next('RunFinished')).record).toMatchObject({ trigger: 'schedule', outcome: 'Succeeded' });
    await daemon.stop('to have the status written');

    const { status } = await statusOf(directory, 'photos');
    expect(status).toMatchObject({ sync: 'OutOfSync', observed: { generation: 2 }, applied: { generation: 1 } });
    expect(status.conditions).toContainEqual(
      expect.objectContaining({
        ...{ type: 'Ready', status: 'True' },
        message: expect.stringContaining('the manifest says something else and waits for "cloudsync apply"'),
      }),
    );
    expect(status.conditions.map(({ type }) => type)).not.toContain('Reconciling');
  });

  test('tells again when what differs is something else, and when nothing does any more', async () => {
    await using directory = await tasksDirectory();
    await using world = await daemonOver(directory);
    const { told, daemon } = world;
    expect(told.all('DriftFound')).toEqual([]);
    for (const act of [
      () => directory.writeTask('photos'),
      () => directory.writeTask('music'),
      () => rm(directory.at('tasks.d/music.yaml')),
      () => rm(directory.at('tasks.d/photos.yaml')),
    ]) {
      await act();
      await daemon.reconcile();
      await daemon.reconcile();
    }
    expect(told.all('DriftFound').map(({ plan }) => plan.summary.create)).toEqual([1, 2, 1, 0]);
  });

  test('does not tell again what waits for a second look at an apply, and deletes after it', async () => {
    await using directory = await tasksDirectory({ pruneGraceMs: 10_000 });
    await directory.writeTask('photos', 'schedule: daily');
    await directory.writeTask('music', 'schedule: daily');
    await using world = await daemonOver(directory);
    const { told, client, daemon, clock } = world;
    await client.apply(null);
    await rm(directory.at('tasks.d/photos.yaml'));
    await daemon.reconcile();
    expect(told.all('DriftFound')).toHaveLength(2);

    expect(await client.apply(null)).toMatchObject({ value: { applied: true, confirmAt: clock.now() + 10_000 } });
    const reported = await client.status();
    expect(told.all('DriftFound')).toHaveLength(2);
    expect(JSON.stringify(reported)).toContain('the manifest is gone, and its end waits for');
    clock.advance(10_000);
    expect(await client.apply(null)).toMatchObject({ value: { applied: true, confirmAt: null } });
    expect(told.all('DriftFound')).toHaveLength(2);
    expect(told.all('Reconciled').at(-1)).toMatchObject({ plan: { summary: { delete: 1 } } });
    expect(await client.apply(null)).toMatchObject({ value: { plan: { summary: { delete: 0, unchanged: 1 } } } });
  });

  test('applies nothing of a plan that is not the expected one', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    await using world = await daemonOver(directory);
    const { client } = world;
    const hash = await hashOf(client);
    await directory.writeTask('music');

    expect(await client.apply(hash)).toMatchObject({ value: { applied: false, plan: { summary: { create: 2 } } } });
    const now = await hashOf(client);
    expect(now).not.toBe(hash);
    expect(await client.apply(now)).toMatchObject({ value: { applied: true } });
    expect(await client.apply(now)).toMatchObject({ value: { applied: false, plan: { summary: { unchanged: 2 } } } });
  });

  test('over a restart nothing is applied, and the same is told once more', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    const first = await daemonOver(directory);
    await first.daemon.stop('a restart');
    const before = await treeOf(directory.path);
    const second = await daemonOver(directory);
    expect(second.told.all('DriftFound')).toHaveLength(1);
    await second.daemon.stop('the end');
    expect(await treeOf(directory.path)).toEqual(before);
  });
});

describe('a daemon that applies by itself', () => {
  test('has applied what a stale plan was to apply, and does not speak of drift', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    await using world = await daemonOver(directory, { apply: 'auto' });
    const { client, told } = world;
    expect(await client.apply(`sha256:${'0'.repeat(64)}`)).toMatchObject({
      value: { applied: false, plan: { summary: { unchanged: 1 } } },
    });
    await directory.writeTask('music');
    expect(await client.apply(`sha256:${'0'.repeat(64)}`)).toMatchObject({
      value: { applied: false, plan: { summary: { create: 1 } } },
    });
    expect(told.all('DriftFound')).toEqual([]);
    expect(told.all('Reconciled')).toHaveLength(2);
  });
});
