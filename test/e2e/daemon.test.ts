import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openCloudsync } from '../helper/cloudsync.ts';
import type { DaemonProcess } from '../helper/daemon-process.ts';
import { eventually } from '../helper/eventually.ts';
import { readTree } from '../helper/file-tree.ts';
import { credentialManifest, taskManifest } from '../helper/manifest.ts';
import { addTask, jsonFile, openWithTask, rclonePid, ready, usePatientRclone } from '../helper/task.ts';

interface StatusFile {
  readonly status: {
    readonly sync: string;
    readonly applied: object | null;
    readonly activeRun: object | null;
    readonly lastRun: { readonly outcome: string } | null;
  };
}

const everySecond = { schedule: '* * * * * *' };

/** The next pass that does this to a task, and not only waits to; gives the number of the line that follows it. */
async function changed(daemon: DaemonProcess, from: number, name: string, action: string): Promise<number> {
  return eventually(`${action} ${name}`, () => {
    const index = daemon.lines.findIndex(({ event, changes, waiting }, line) => {
      const own = changes?.some((each) => each.name === name && each.action === action) === true;
      return line >= from && event === 'Reconciled' && own && waiting?.includes(name) === false;
    });
    return index === -1 ? null : index + 1;
  });
}

describe.concurrent('manifests that change under a daemon', () => {
  test('are added, edited and removed, and their status with them', async () => {
    await using cloudsync = await openWithTask();
    const daemon = await cloudsync.daemon();
    const status = cloudsync.directory.at('tasks.d/music.status.json');

    await addTask(cloudsync, 'music', { schedule: 'daily' });
    const created = await changed(daemon, 0, 'music', 'create');
    await jsonFile<StatusFile>(status, (file) => file.status.sync === 'Synced');
    await addTask(cloudsync, 'music', { schedule: 'weekly' });
    const updated = await changed(daemon, created, 'music', 'update');
    await rm(cloudsync.directory.at('tasks.d/music.yaml'));
    await changed(daemon, updated, 'music', 'delete');

    await eventually('the status goes too', async () =>
      (await readdir(cloudsync.tasks)).includes('music.status.json') ? null : true,
    );
    expect(await cloudsync.run('run', 'music')).toMatchObject({ exitCode: 1 });
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
  });

  test('and become invalid keep their last good version, also over a restart', async () => {
    await using cloudsync = await openWithTask({ schedule: 'daily' });
    const status = cloudsync.directory.at('tasks.d/photos.status.json');
    const first = await cloudsync.daemon();

    await cloudsync.manifest('photos.yaml', 'kind: CloudSyncTask\n\tbroken');
    await first.logged('Reconciled', { level: 'warning' });
    await jsonFile<StatusFile>(status, (file) => file.status.sync === 'Invalid');
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
    expect(await first.stop()).toBe(0);

    const second = await cloudsync.daemon();
    await second.logged('Reconciled', { level: 'warning' });
    expect(await cloudsync.run('next', 'photos')).toMatchObject({ exitCode: 0 });
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
    expect((await jsonFile<StatusFile>(status)).status).toMatchObject({ sync: 'Invalid', applied: { generation: 1 } });
  });

  test('are read when SIGHUP asks, and not before with --watch off', async () => {
    await using cloudsync = await openWithTask();
    const daemon = await cloudsync.daemon('--watch', 'off');
    const from = daemon.lines.length;
    await addTask(cloudsync, 'music');

    daemon.signal('SIGHUP');

    await changed(daemon, from, 'music', 'create');
    expect(daemon.lines.slice(from).filter(({ event }) => event === 'Reconciled')).toHaveLength(1);
  });

  test('are published by a ConfigMap: status goes to the state, and a swap is one change', async () => {
    await using cloudsync = await openCloudsync();
    const { directory } = cloudsync;
    Object.assign(cloudsync.environment, {
      ...{ CLOUDSYNC_TASKS: directory.at('tasks.d'), CLOUDSYNC_STATE_DIR: directory.at('state') },
    });
    const local = directory.at('local/photos');
    await mkdir(local, { recursive: true });
    const publish = async (version: string, schedule: string) => {
      await cloudsync.manifest(`${version}/here.yaml`, credentialManifest());
      await cloudsync.manifest(`${version}/photos.yaml`, taskManifest('photos', { path: local, schedule }));
      await symlink(version, directory.at('tasks.d/..new'));
      await rename(directory.at('tasks.d/..new'), directory.at('tasks.d/..data'));
    };
    await publish('..2026_01', 'daily');
    for (const name of ['here.yaml', 'photos.yaml']) await symlink(`..data/${name}`, directory.at('tasks.d', name));

    const daemon = await cloudsync.daemon();
    expect(await daemon.logged('StatusPlaced')).toMatchObject({
      ...{ reason: 'swappedCheckout', directory: directory.at('state/status') },
    });
    await jsonFile<StatusFile>(
      directory.at('state/status/photos.status.json'),
      ({ status }) => status.sync === 'Synced',
    );
    await publish('..2026_02', 'weekly');
    await changed(daemon, 0, 'photos', 'update');

    expect(Object.keys(await readTree(cloudsync.tasks)).filter((name) => name.includes('status'))).toEqual([]);
    const actions = daemon.lines.flatMap(({ changes }) => changes ?? []);
    expect(actions.map(({ action }) => action)).toEqual(['create', 'update']);
  });
});

test.concurrent('a status file that was deleted is written again', async () => {
  await using cloudsync = await openWithTask();
  const daemon = await cloudsync.daemon();
  const status = cloudsync.directory.at('tasks.d/photos.status.json');
  const before = await jsonFile<StatusFile>(status);

  await rm(status);
  daemon.signal('SIGHUP');

  expect((await jsonFile<StatusFile>(status)).status).toMatchObject({ sync: 'Synced', applied: before.status.applied });
});

describe.concurrent('schedules', () => {
  test('fire, and the status tells of it', async () => {
    await using cloudsync = await openWithTask(everySecond);
    const daemon = await cloudsync.daemon();

    const first = await daemon.logged('RunFinished', { task: 'photos', trigger: 'schedule', outcome: 'Succeeded' });
    const from = daemon.lines.indexOf(first) + 1;
    await daemon.logged('RunFinished', { task: 'photos', trigger: 'schedule', outcome: 'Succeeded' }, from);

    expect(await readTree(cloudsync.directory.at('cloud'))).toHaveProperty(['photos/letter.txt']);
    const status = cloudsync.directory.at('tasks.d/photos.status.json');
    await jsonFile<StatusFile>(status, (file) => file.status.lastRun?.outcome === 'Succeeded');
  });

  test('that come due while the task runs are skipped, and made up for once it has ended', async () => {
    await using cloudsync = await openWithTask(everySecond);
    await usePatientRclone(cloudsync);
    const daemon = await cloudsync.daemon();
    await daemon.logged('RunLog', { task: 'photos', line: ready });

    const skipped = await daemon.logged('RunSkipped', { task: 'photos' });
    expect(skipped.reason).toMatch(/^run photos-\S+ has not ended$/);
    expect(daemon.lines.filter(({ event }) => event === 'RunStarted')).toHaveLength(1);

    process.kill(await rclonePid(cloudsync), 'SIGUSR2');
    await daemon.logged('RunFinished', { task: 'photos', trigger: 'schedule', outcome: 'Succeeded' });
    await daemon.logged('RunStarted', { task: 'photos', trigger: 'catchup' });
  });
});

describe.concurrent('SIGTERM', () => {
  test('lets a run in flight end', async () => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    const daemon = await cloudsync.daemon();
    const running = cloudsync.start(['run', 'photos']);
    await daemon.logged('RunLog', { line: ready });

    daemon.signal('SIGTERM');
    await daemon.logged('DaemonStopping', { running: 1 });
    process.kill(await rclonePid(cloudsync), 'SIGUSR2');

    expect(await daemon.ended()).toBe(0);
    expect((await running.finished).exitCode).toBe(0);
    expect(daemon.lines.at(-1)).toMatchObject({ event: 'DaemonStopped' });
    const { document } = await cloudsync.json('history', 'photos');
    expect(document).toMatchObject([{ outcome: 'Succeeded' }]);
  });

  test('ends a run that outlasts the grace, and says so', async () => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    const daemon = await cloudsync.daemon('--grace', '0');
    const running = cloudsync.start(['run', 'photos']);
    await daemon.logged('RunLog', { line: ready });

    expect(await daemon.stop()).toBe(0);

    expect((await running.finished).exitCode).toBe(1);
    const status = cloudsync.directory.at('tasks.d/photos.status.json');
    expect((await jsonFile<StatusFile>(status)).status).toMatchObject({
      ...{ activeRun: null, lastRun: { outcome: 'Interrupted' } },
    });
  });
});

test('a daemon whose state directory was replaced and taken ends, with its runs, and leaves the other alone', async () => {
  await using cloudsync = await openWithTask();
  await usePatientRclone(cloudsync);
  const at = (name: string) => cloudsync.directory.at(name);
  for (const name of ['one', 'two']) await mkdir(at(name));
  // By a link on the way, so that the other directory is in place at once, before the daemon can make one anew.
  await symlink('one', at('place'));
  await symlink('two', at('next'));
  Object.assign(cloudsync.environment, { CLOUDSYNC_STATE_DIR: at('two/state') });
  const second = await cloudsync.daemon();
  Object.assign(cloudsync.environment, { CLOUDSYNC_STATE_DIR: at('place/state') });
  const first = await cloudsync.daemon();
  const run = cloudsync.start(['run', 'photos']);
  await first.logged('RunLog', { line: ready });
  await rename(at('next'), at('place'));
  await addTask(cloudsync, 'films', {});

  expect(await first.ended()).toBe(5);
  expect((await run.finished).exitCode).toBe(1);
  expect(await first.logged('RunFinished', { outcome: 'Interrupted' })).toBeTruthy();
  await second.logged('Reconciled');
  expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 0 });
});
