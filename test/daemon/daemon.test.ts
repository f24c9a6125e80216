import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ControlClient, connect } from '../../src/daemon/control-client.ts';
import { type Daemon, type DaemonOptions, startDaemon } from '../../src/daemon/daemon.ts';
import type { Event } from '../../src/model/event.ts';
import type { StatusFile } from '../../src/model/status.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { sessionOptions, type TasksDirectory, tasksDirectory } from './tasks-directory.ts';
import { treeOf } from './tree.ts';
import '../helper/real-rclone.ts';
import { turnsUntil } from '../helper/eventually.ts';

const minute = 60_000;

/** A daemon that looks at the directory when told, with a clock that goes on when told. */
async function daemonOver(directory: TasksDirectory, part: Partial<DaemonOptions> = {}) {
  const { options, clock, told } = sessionOptions(directory);
  const started = await startDaemon({ ...options, ...part });
  if (!started.ok) throw new Error(started.error.message);
  const daemon: Daemon = started.value;
  return {
    ...{ daemon, clock, told },
    async client(): Promise<ControlClient> {
      const client = await connect(directory.settings.stateDirectory);
      if (client === null) throw new Error('nobody answers');
      return client;
    },
    [Symbol.asyncDispose]: () => daemon.stop('the end of the test'),
  };
}

async function statusOf(directory: TasksDirectory, name: string): Promise<StatusFile> {
  return JSON.parse(await readFile(directory.at(`tasks.d/${name}.status.json`), 'utf8')) as StatusFile;
}

/** An rclone that runs until it is asked to end. */
function endless(directory: TasksDirectory): Promise<string> {
  const ready = `${JSON.stringify({ level: 'notice', msg: 'ready', time: '2026-01-01T00:00:00Z' })}\n`;
  return scriptedRclone(directory, { steps: [{ print: ready }, { waitFor: 'SIGTERM' }, { exit: 143 }] });
}

describe('daemon', () => {
  test('says what it is, applies what it finds, and runs what is due', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos', 'schedule: { cron: "*/5 * * * *", timeZone: UTC }');
    await using world = await daemonOver(directory);
    const { told, clock } = world;
    expect(told.events.map(({ type }) => type)).toEqual(['StatusPlaced', 'DaemonStarted', 'Scheduled', 'Reconciled']);
    expect(told.all('DaemonStarted')).toMatchObject([{ pid: process.pid, version: '1.2.3' }]);
    clock.advance(5 * minute);
    const { record } = await told.next('RunFinished');
    expect(record).toMatchObject({ trigger: 'schedule', outcome: 'Succeeded', scheduledFor: clock.now() });
    expect(await readFile(directory.at('remote/photos/a.txt'), 'utf8')).toBe('abc');
    await world.daemon.stop('SIGTERM');
    expect(await statusOf(directory, 'photos')).toMatchObject({
      status: { sync: 'Synced', health: 'Healthy', activeRun: null, lastRun: { id: record.id } },
    });
    expect(told.events.slice(-2)).toEqual([
      { type: 'DaemonStopping', signal: 'SIGTERM', running: 0 },
      { type: 'DaemonStopped' },
    ]);
  });

  test('holds its state directory, and lets it go', async () => {
    await using directory = await tasksDirectory();
    {
      await using _held = await daemonOver(directory);
      expect(await startDaemon(sessionOptions(directory).options)).toMatchObject({
        ...{ ok: false, error: { kind: 'held', message: expect.stringContaining(`process ${process.pid}`) } },
      });
    }
    await using _again = await daemonOver(directory);
  });

  test('a state directory that cannot be made is told', async () => {
    await using directory = await tasksDirectory({ stateDirectory: '/dev/null/state' });
    expect(await startDaemon(sessionOptions(directory).options)).toMatchObject({ error: { kind: 'failed' } });
  });

  test('says at the start what keeps rclone from running', async () => {
    await using directory = await tasksDirectory({ rclone: '/no/such/rclone' });
    await using world = await daemonOver(directory);
    expect((await world.told.next('RcloneUnusable')).message).toContain('/no/such/rclone');
  });

  test('a second pass over the same writes nothing and tells nothing', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    await directory.writeTask('broken', 'scheduel: daily');
    await (await daemonOver(directory)).daemon.stop('the first pass');
    const before = await treeOf(directory.path);
    const world = await daemonOver(directory);
    const told = world.told.events.length;
    await world.daemon.reconcile();
    await (await world.client()).reconcile();
    expect(world.told.events).toHaveLength(told);
    await world.daemon.stop('the second pass');
    expect(await treeOf(directory.path)).toEqual(before);
  });

  test('a changed manifest is in force when reconcile resolves', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos', 'schedule: daily');
    await using world = await daemonOver(directory);
    await directory.writeTask('photos', 'schedule: hourly');
    const client = await world.client();
    const done = await client.reconcile();
    expect(done).toMatchObject({ ok: true, value: { plan: { summary: { update: 1 } }, failure: null } });
    expect(world.told.all('Scheduled')).toHaveLength(2);
  });

  test('answers over the socket that a task is busy or unknown, and aborts', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    await using world = await daemonOver({
      ...directory,
      settings: { ...directory.settings, rclone: await endless(directory) },
    });
    const client = await world.client();
    const heard: Event[] = [];
    const running = client.run('photos', { dryRun: false, allowDeletes: null }, (event) => heard.push(event));
    const { runId } = await world.told.next('RunLog');
    expect(await client.run('photos', { dryRun: false, allowDeletes: null }, () => undefined)).toMatchObject({
      error: { kind: 'busy', message: `task photos is running already, as run ${runId}` },
    });
    expect(await client.run('nobody', { dryRun: false, allowDeletes: null }, () => undefined)).toMatchObject({
      error: { kind: 'unknown' },
    });
    expect(await client.abort('photos')).toEqual({ ok: true, value: true });
    expect(await running).toMatchObject({ ok: true, value: { id: runId, outcome: 'Aborted' } });
    expect(heard.map(({ type }) => type)).toEqual(['RunStarted', 'RunLog', 'RunFinished']);
  });

  test('a dry run is heard by its listener alone, and leaves nothing', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    await (await daemonOver(directory)).daemon.stop('the first pass');
    const before = await treeOf(directory.path);
    const world = await daemonOver(directory);
    const told = world.told.events.length;
    const heard: Event[] = [];
    const client = await world.client();
    const done = await client.run('photos', { dryRun: true, allowDeletes: null }, (event) => heard.push(event));
    expect(done).toMatchObject({ ok: true, value: { dryRun: true, outcome: 'Succeeded' } });
    expect(heard).toContainEqual(expect.objectContaining({ type: 'RunChange' }));
    expect(world.told.events).toHaveLength(told);
    await world.daemon.stop('the dry run is over');
    expect(await treeOf(directory.path)).toEqual(before);
  });
});

describe('what is wrong is told once', () => {
  test('a directory that cannot be read, until something else is wrong or nothing is', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    const settings = { ...directory.settings, statusDirectory: directory.at('status') };
    await using world = await daemonOver({ ...directory, settings });
    const { daemon, told } = world;
    await rename(directory.at('tasks.d'), directory.at('elsewhere'));
    await daemon.reconcile();
    await daemon.reconcile();
    expect(told.all('SourceUnavailable')).toHaveLength(1);
    expect(await (await world.client()).reconcile()).toMatchObject({ ok: false });
    await rename(directory.at('elsewhere'), directory.at('tasks.d'));
    await daemon.reconcile();
    expect(told.all('Reconciled')).toHaveLength(2);
    expect(told.all('Reconciled')[1]?.plan.summary).toMatchObject({ unchanged: 1, delete: 0 });
  });

  test('a manifest that is not valid, and that it is valid again', async () => {
    await using directory = await tasksDirectory();
    await using world = await daemonOver(directory);
    const { daemon, told } = world;
    const path = await directory.writeTask('photos', 'scheduel: daily');
    await daemon.reconcile();
    await daemon.reconcile();
    expect(told.all('Reconciled').map(({ plan }) => plan.summary.invalid)).toEqual([1]);
    await rm(path);
    await daemon.reconcile();
    expect(told.all('Reconciled').map(({ plan }) => plan.summary.invalid)).toEqual([1, 0]);
  });

  test('a task that cannot be recorded, and that it is recorded then', async () => {
    await using directory = await tasksDirectory();
    await using world = await daemonOver(directory);
    const { daemon, told } = world;
    await mkdir(directory.at('state/active.ndjson/in-its-place'), { recursive: true });
    await directory.writeTask('photos');
    await daemon.reconcile();
    await daemon.reconcile();
    expect(told.all('WriteFailed')).toMatchObject([{ path: 'active.ndjson' }]);
    expect(told.all('Reconciled')).toEqual([]);
    await rm(directory.at('state/active.ndjson'), { recursive: true });
    await daemon.reconcile();
    expect(told.all('WriteFailed')).toHaveLength(1);
    expect(told.all('Reconciled')).toHaveLength(1);
  });

  test('a task that cannot be recorded is tried again before the next resync', async () => {
    await using directory = await tasksDirectory();
    await using world = await daemonOver(directory);
    const { daemon, told, clock } = world;
    await mkdir(directory.at('state/active.ndjson/in-its-place'), { recursive: true });
    await directory.writeTask('photos');
    await daemon.reconcile();
    await rm(directory.at('state/active.ndjson'), { recursive: true });
    clock.advance(1000);
    await told.next('Reconciled');
  });
});

describe('stop', () => {
  test('a run may end within the grace, and is ended after it', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos', 'schedule: hourly');
    const rclone = await endless(directory);
    const { clock, told, options } = sessionOptions({ ...directory, settings: { ...directory.settings, rclone } });
    const delaysMs: number[] = [];
    const started = await startDaemon({
      ...{ ...options, graceMs: 12_345 },
      clock: {
        now: clock.now,
        setTimer(callback, delayMs) {
          delaysMs.push(delayMs);
          return clock.setTimer(callback, delayMs);
        },
      },
    });
    if (!started.ok) throw new Error(started.error.message);
    clock.advance(60 * minute);
    await told.next('RunLog');
    const stopped = started.value.stop('SIGTERM');
    expect(told.all('DaemonStopping')).toEqual([{ type: 'DaemonStopping', signal: 'SIGTERM', running: 1 }]);
    await turnsUntil(() => delaysMs.includes(12_345));
    clock.advance(12_344);
    expect(told.all('RunFinished')).toEqual([]);
    clock.advance(1);
    await stopped;
    expect(told.all('RunFinished')).toMatchObject([{ record: { outcome: 'Interrupted' } }]);
    expect(clock.timers).toBe(0);
    expect(await statusOf(directory, 'photos')).toMatchObject({ status: { activeRun: null, health: 'Degraded' } });
  });

  test('a second signal does not wait', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos', 'schedule: hourly');
    const rclone = await endless(directory);
    await using world = await daemonOver({ ...directory, settings: { ...directory.settings, rclone } });
    world.clock.advance(60 * minute);
    await world.told.next('RunLog');
    const first = world.daemon.stop('SIGTERM');
    expect(world.daemon.stop('SIGTERM')).toBe(first);
    await first;
    expect(world.told.all('RunFinished')).toMatchObject([{ record: { outcome: 'Interrupted' } }]);
    expect(world.told.all('DaemonStopping')).toHaveLength(1);
  });
});

describe('restart', () => {
  test('goes on with what was applied while the directory cannot be read', async () => {
    await using directory = await tasksDirectory({ statusDirectory: '/dev/null' });
    const settings = { ...directory.settings, statusDirectory: directory.at('status') };
    await directory.writeTask('photos', 'schedule: hourly');
    {
      await using _first = await daemonOver({ ...directory, settings });
    }
    await rename(directory.at('tasks.d'), directory.at('elsewhere'));
    await using world = await daemonOver({ ...directory, settings });
    expect(world.told.all('Scheduled')).toMatchObject([{ task: 'photos' }]);
    expect((await stat(directory.at('status/photos.status.json'))).isFile()).toBe(true);
  });

  test('an approval of deletions holds once', async () => {
    await using directory = await tasksDirectory();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const write = () => Promise.all(names.map((name) => directory.writeTask(name)));
    const remove = () => Promise.all(names.map((name) => rm(directory.at(`tasks.d/${name}.yaml`))));
    await write();
    await using world = await daemonOver(directory);
    const last = () => world.told.all('Reconciled').at(-1)?.plan.summary;
    await remove();
    await world.daemon.reconcile();
    expect(last()).toMatchObject({ delete: 0, blocked: 7 });
    const message = JSON.stringify(world.told.all('Reconciled').at(-1)?.plan);
    const hash = /approve-prune ([0-9a-f]+)/.exec(message)?.[1];
    await directory.write('state/approved-prune.json', JSON.stringify({ hash }));
    await world.daemon.reconcile();
    expect(last()).toMatchObject({ delete: 7, blocked: 0 });

    await write();
    await world.daemon.reconcile();
    await remove();
    await world.daemon.reconcile();
    expect(last()).toMatchObject({ delete: 0, blocked: 7 });
  });
});
