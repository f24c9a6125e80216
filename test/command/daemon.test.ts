import { rm } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { commandsIn, useEndlessRclone } from './commands-in.ts';
import '../helper/real-rclone.ts';

describe('with a daemon', () => {
  test('apply and run go to it, and status knows it', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos', 'schedule: daily');
    await using daemon = await world.startDaemon();
    expect(await world.cloudsync('daemon')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('is held by'),
    });
    await world.writeTask('music');
    const applied = await world.cloudsync('apply');
    expect(applied).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 created'), stderr: '' });
    expect(JSON.parse((await world.cloudsync('run', 'music', '-o', 'json')).stdout)).toMatchObject({
      outcome: 'Succeeded',
    });
    expect(await world.cloudsync('run', 'music', '--dry-run')).toMatchObject({ exitCode: 0 });
    expect(await world.cloudsync('run', 'films')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no task films'),
    });
    expect(await world.cloudsync('approve-prune', '0123456789ab')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no removal is refused now'),
    });
    const status = await world.cloudsync('status', 'music', '-o', 'json');
    expect(JSON.parse(status.stdout)).toMatchObject({ daemon: { running: true, pid: process.pid }, tasks: [{}] });
    daemon.signal('SIGHUP');
    daemon.signal('SIGTERM');
    expect(await daemon.end()).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/Stopped\n$/) });
  });

  test('what it cannot record fails an apply', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos', 'schedule: daily');
    await using _daemon = await world.startDaemon();
    await world.writeTask('music');
    await rm(world.at('state/active.ndjson'));
    await world.write('state/active.ndjson/in-its-place', '');
    expect(await world.cloudsync('apply')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('nothing was applied') },
    });
  });

  test('a dry run ends with its listener, and a real run is aborted', async () => {
    await using world = await commandsIn();
    await useEndlessRclone(world);
    await world.writeTask('photos', 'schedule: daily');
    await using _daemon = await world.startDaemon();
    for (const [parameters, exitCode] of [
      [['run', 'photos', '--dry-run'], 130],
      [['run', 'photos'], 130],
    ] as const) {
      const running = await world.start('ready', ...parameters);
      running.signal('SIGINT');
      expect(await running.end()).toMatchObject({ exitCode });
    }
  });

  test('an approval that is not for what is refused now is not called applied', async () => {
    await using world = await commandsIn();
    vi.stubEnv('CLOUDSYNC_STATUS_DIR', world.at('status'));
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const name of names) await world.writeTask(name, 'schedule: daily');
    await using _daemon = await world.startDaemon();
    for (const name of names) await rm(world.at(`tasks.d/${name}.yaml`));
    expect(await world.cloudsync('approve-prune', '0123456789ab')).toMatchObject({
      ...{ exitCode: 1, stdout: '', stderr: expect.stringContaining('no refused removal has the hash') },
    });
    await rm(world.at('tasks.d'), { recursive: true });
    expect(await world.cloudsync('approve-prune', '0123456789ab')).toMatchObject({
      ...{ exitCode: 1, stdout: '', stderr: expect.stringContaining('does not exist') },
    });
  });

  test('its log can be JSON', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos', 'schedule: daily');
    const daemon = await world.start('Reconciled', 'daemon', '--watch', 'off', '--log-format', 'json');
    daemon.signal('SIGTERM');
    const { exitCode, stderr } = await daemon.end();
    expect(exitCode).toBe(0);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly event?: string });
    expect(lines.length).toBeGreaterThan(3);
  });
});
