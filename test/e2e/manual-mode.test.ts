import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { addTask, openWithTask } from '../helper/task.ts';

describe.concurrent('a daemon with --apply manual', () => {
  test('reports, waits, applies when asked, and goes on with what was applied', async () => {
    await using cloudsync = await openWithTask({ schedule: 'daily' });
    const daemon = await cloudsync.daemon('--apply', 'manual');
    await daemon.logged('DriftFound', { level: 'warning' });

    const out = await cloudsync.run('status', '--detailed-exitcode');
    expect(out).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(/photos +OutOfSync/) });
    expect(out.stdout).toContain('waits for "cloudsync apply"');
    expect(out.stderr).toContain('Out of sync: 1 to create, 0 to update, 0 to delete.');
    expect((await cloudsync.run('plan', '--detailed-exitcode')).exitCode).toBe(2);
    expect((await cloudsync.run('next', 'photos')).exitCode).toBe(1);
    expect((await cloudsync.run('run', 'photos')).exitCode).toBe(1);

    daemon.signal('SIGHUP');
    await cloudsync.run('plan', '-o', 'plan.json');
    expect(await cloudsync.run('apply', 'plan.json')).toMatchObject({ exitCode: 0, stderr: '' });
    await daemon.logged('Reconciled');
    expect((await cloudsync.run('apply', 'plan.json')).exitCode).toBe(4);
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
    expect(await cloudsync.run('status', '--detailed-exitcode')).toMatchObject({ exitCode: 0, stderr: '' });

    const from = daemon.lines.length;
    await addTask(cloudsync, 'photos', { schedule: 'weekly', transferMode: 'SYNC' });
    daemon.signal('SIGHUP');
    await daemon.logged('DriftFound', {}, from);
    expect((await cloudsync.run('next', 'photos')).exitCode).toBe(0);
    const { document } = await cloudsync.json<{ tasks: readonly { status: object }[] }>('status', 'photos');
    expect(document.tasks[0]).toMatchObject({
      status: { sync: 'OutOfSync', health: 'Healthy', observed: { generation: 2 }, applied: { generation: 1 } },
    });
    expect(daemon.lines.filter(({ event }) => event === 'DriftFound')).toHaveLength(2);
  });

  test('is asked for in the environment, too, and a wrong mode is refused', async () => {
    await using cloudsync = await openWithTask({ schedule: 'daily' });
    expect(await cloudsync.run('daemon', '--apply', 'never')).toMatchObject({ exitCode: 64 });
    Object.assign(cloudsync.environment, { CLOUDSYNC_APPLY: 'manual' });
    const daemon = await cloudsync.daemon();
    await daemon.logged('DriftFound');
  });
});

describe.concurrent('wait', () => {
  test('for what the manifests say: until it is in force, at once where it never will be', async () => {
    await using cloudsync = await openWithTask({ schedule: 'daily' });
    expect(await cloudsync.run('wait', '--for', 'synced')).toMatchObject({ exitCode: 5 });
    const daemon = await cloudsync.daemon('--apply', 'manual');
    expect(await cloudsync.run('wait', '--for', 'synced', 'photos', '--timeout', '0s')).toMatchObject({
      ...{ exitCode: 124, stderr: expect.stringContaining('the manifest of photos is not applied') },
    });

    const waiting = cloudsync.start(['wait', '--for', 'synced']);
    expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 0 });
    expect(await waiting.finished).toMatchObject({ exitCode: 0, stderr: '' });

    await cloudsync.manifest('broken.yaml', 'kind: [');
    expect(await cloudsync.run('wait', '--for', 'synced')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('not valid, see "cloudsync validate": broken.yaml') },
    });
    expect(await cloudsync.run('wait', '--for', 'synced', 'nobody')).toMatchObject({ exitCode: 1 });
    expect((await cloudsync.run('wait', '--for', 'synced', 'photos')).exitCode).toBe(0);
    const last = cloudsync.start(['wait', '--for', 'run', 'photos']);
    await daemon.stop();
    expect((await last.finished).exitCode).toBe(5);
  });

  test('for what the daemon takes care of, and not for what it leaves to others or keeps', async () => {
    await using cloudsync = await openWithTask({ schedule: 'daily' });
    await addTask(cloudsync, 'music');
    await addTask(cloudsync, 'elsewhere');
    await cloudsync.daemon('--name', 'photos', '--name', 'music', '--prune', 'never');
    await rm(cloudsync.directory.at('tasks.d/music.yaml'));
    expect(await cloudsync.run('wait', '--for', 'synced', '--timeout', '20s')).toMatchObject({ exitCode: 0 });
    expect((await cloudsync.run('status')).stdout).toMatch(/music +Synced .*Goes on: its manifest is gone/);
  });

  test('for the next run, whose exit code it takes, and for health', async () => {
    await using cloudsync = await openWithTask({ schedule: 'daily' });
    await addTask(cloudsync, 'letters', { transferMode: 'SYNC' }, {});
    const daemon = await cloudsync.daemon();
    await cloudsync.run('wait', '--for', 'synced');
    expect(await cloudsync.run('wait', '--for', 'run', 'photos', '--timeout', '0s')).toMatchObject({
      ...{ exitCode: 124, stderr: expect.stringContaining('no run of photos has ended') },
    });
    expect((await cloudsync.run('wait', '--for', 'healthy', 'photos', '--timeout', '0s')).exitCode).toBe(124);

    await addTask(cloudsync, 'photos', { schedule: '* * * * * *' });
    expect(await cloudsync.run('wait', '--for', 'run', 'photos')).toMatchObject({ exitCode: 0 });
    expect(await cloudsync.run('wait', '--for', 'healthy', 'photos')).toMatchObject({ exitCode: 0 });

    await addTask(cloudsync, 'photos', { schedule: '* * * * * *', preScript: 'exit 75' });
    await daemon.logged('RunFinished', { task: 'photos', outcome: 'Skipped' });
    expect(await cloudsync.run('wait', '--for', 'run', 'photos')).toMatchObject({ exitCode: 75 });
  });

  test.for([[['wait']], [['wait', '--for', 'run']], [['wait', '--for', 'synced', '--timeout', 'soon']]])(
    '%j is wrong usage',
    async ([words = []]) => {
      await using cloudsync = await openWithTask({ schedule: 'daily' });
      expect((await cloudsync.run(...words)).exitCode).toBe(64);
    },
  );
});
