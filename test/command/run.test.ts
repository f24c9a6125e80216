import { readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/command/program.ts';
import { treeOf } from '../daemon/tree.ts';
import { commandsIn, exists, useEndlessRclone } from './commands-in.ts';
import '../helper/real-rclone.ts';

describe('run without a daemon', () => {
  test('runs the manifest as it is now, and keeps history, log and status', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    const run = await world.cloudsync('run', 'photos', '-o', 'json');
    expect(run.exitCode).toBe(0);
    const document = JSON.parse(run.stdout) as { readonly id: string };
    expect(document).toMatchObject({ task: 'photos', outcome: 'Succeeded', dryRun: false, stats: { transfers: 1 } });
    expect(document).not.toHaveProperty('changes');
    expect(await readFile(world.at('remote/photos/a.txt'), 'utf8')).toBe('abc');

    const history = await world.cloudsync('history', 'photos', '-o', 'json');
    expect(JSON.parse(history.stdout)).toMatchObject([{ id: document.id, startedAt: expect.stringMatching(/Z$/) }]);
    expect((await world.cloudsync('history', 'photos')).stdout).toContain('Succeeded');
    expect((await world.cloudsync('logs', 'photos')).stdout).toMatch(/a\.txt/);
    const raw = await world.cloudsync('logs', 'photos', '--run', document.id, '-o', 'json');
    expect(
      raw.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toContain('RunFinished');
    const status = await world.cloudsync('status', '-o', 'json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      daemon: { running: false, pid: null, version: null },
      tasks: [{ metadata: { name: 'photos' }, status: { lastRun: { id: document.id }, activeRun: null } }],
      credentials: [],
    });
  });

  test('a dry run shows what would change, and leaves nothing', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    const before = await treeOf(world.path);
    const json = await world.cloudsync('run', 'photos', '--dry-run', '-o', 'json');
    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ dryRun: true, outcome: 'Succeeded', changes: [{ action: 'copy', path: 'a.txt', size: 3 }] },
    });
    const text = await world.cloudsync('run', 'photos', '--dry-run');
    expect(text.stdout).toMatch(/\+ a\.txt 3 B\n[\s\S]*nothing was changed/);
    expect(await treeOf(world.path)).toEqual(before);
    expect(await exists(world.at('state'))).toBe(false);
  });

  test('says why there is no such task, or none that could run', async () => {
    await using world = await commandsIn();
    expect((await world.cloudsync('run', 'photos')).stderr).toContain('the directory holds no valid task');
    await world.writeTask('music');
    expect((await world.cloudsync('run', 'photos')).stderr).toContain('there is no task photos; there is music');
    await world.writeTask('photos', 'scheduel: daily');
    for (const parameters of [
      ['run', 'photos'],
      ['run', 'photos', '--dry-run'],
    ]) {
      const { exitCode, stderr } = await world.cloudsync(...parameters);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/task photos is not valid:[\s\S]*scheduel/);
    }
    await rm(world.at('tasks.d'), { recursive: true });
    expect((await world.cloudsync('run', 'photos')).exitCode).toBe(1);
  });

  test('a signal aborts it, and meanwhile others hear who holds the state', async () => {
    await using world = await commandsIn();
    await useEndlessRclone(world);
    await world.writeTask('photos');
    const running = await world.start('ready', 'run', 'photos');
    expect(await world.cloudsync('run', 'photos')).toMatchObject({
      ...{ exitCode: 75, stderr: expect.stringContaining('photos is running already') },
    });
    expect(await world.cloudsync('apply')).toMatchObject({
      ...{ exitCode: 5, stderr: expect.stringContaining('"cloudsync run" (process') },
    });
    expect(await world.cloudsync('approve-prune', '0123456789ab')).toMatchObject({ exitCode: 1 });
    running.signal('SIGINT');
    expect(await running.end()).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('Aborted') });
  });

  test('abort ends it from elsewhere', async () => {
    await using world = await commandsIn();
    await useEndlessRclone(world);
    await world.writeTask('photos');
    const running = await world.start('ready', 'run', 'photos');
    expect(await world.cloudsync('abort', 'music')).toMatchObject({
      exitCode: 1,
      stdout: 'Task music is not running\n',
    });
    expect(await world.cloudsync('abort', 'photos')).toMatchObject({
      exitCode: 0,
      stdout: 'Stopping the run of photos\n',
    });
    expect(await running.end()).toMatchObject({ exitCode: 1 });
    expect(await world.cloudsync('abort', 'photos')).toMatchObject({ exitCode: 5 });
  });

  test.each([[['run', 'photos']], [['run', 'photos', '--dry-run']]])(
    '%j heeds a signal that came early',
    async (parameters) => {
      await using world = await commandsIn();
      await useEndlessRclone(world);
      await world.writeTask('photos');
      const { shell, signal } = world.captured();
      const ended = runProgram(world.words(parameters), {
        ...shell,
        onSignal(name, listener) {
          const end = shell.onSignal(name, listener);
          if (name === 'SIGTERM') signal('SIGTERM');
          return end;
        },
      });
      expect(await ended).toBe(143);
    },
  );

  test('a state directory that cannot be used fails in words', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    await world.write('state', 'a file in its place');
    expect(await world.cloudsync('approve-prune', '0123456789ab')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringMatching(/ENOTDIR|cannot be used/) },
    });
    for (const words of [['run', 'photos'], ['plan'], ['apply'], ['next']]) {
      expect(await world.cloudsync(...words)).toMatchObject({
        ...{ exitCode: 1, stdout: '', stderr: expect.stringMatching(/^cloudsync: .*(ENOTDIR|cannot be used)/) },
      });
    }
  });
});
