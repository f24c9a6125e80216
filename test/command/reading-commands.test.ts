import { appendFile, readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { commandsIn } from './commands-in.ts';
import '../helper/real-rclone.ts';

describe('reading commands', () => {
  test('next shows what was applied, soonest first', async () => {
    await using world = await commandsIn();
    await world.writeTask('daily', 'schedule: daily');
    await world.writeTask('hourly', 'schedule: { cron: "0 * * * *", timeZone: Europe/Berlin }');
    await world.writeTask('manual');
    await world.writeTask('off', 'schedule: daily', 'enabled: false');
    await world.cloudsync('apply');
    const runs = JSON.parse((await world.cloudsync('next', '-n', '30', '-o', 'json')).stdout) as {
      task: string;
      at: string;
    }[];
    expect(runs).toHaveLength(30);
    expect(new Set(runs.map(({ task }) => task))).toEqual(new Set(['daily', 'hourly']));
    expect(runs.map(({ at }) => at)).toEqual([...runs.map(({ at }) => at)].sort());
    const named = await world.cloudsync('next', 'hourly', 'nobody');
    expect(named).toMatchObject({ exitCode: 1, stderr: 'cloudsync: no task nobody has been applied\n' });
    expect(named.stdout).toContain('hourly');
  });

  test('status of nobody, and of a directory that is gone', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    await world.cloudsync('apply');
    const table = await world.cloudsync('status', 'nobody');
    expect(table.exitCode).toBe(1);
    expect(table.stderr).toContain('there is no status of a task nobody');
    expect(table.stderr).toContain('No daemon is running');
    expect((await world.cloudsync('status')).stdout).toContain('photos');
    await rm(world.at('tasks.d'), { recursive: true });
    expect((await world.cloudsync('status')).exitCode).toBe(1);
  });

  test('logs says why there is none', async () => {
    await using world = await commandsIn();
    expect(await world.cloudsync('logs', 'photos')).toMatchObject({
      exitCode: 1,
      stderr: 'cloudsync: task photos has not run yet\n',
    });
    await world.writeTask('photos');
    const run = JSON.parse((await world.cloudsync('run', 'photos', '-o', 'json')).stdout) as {
      id: string;
      log: string;
    };
    expect((await world.cloudsync('logs', 'photos', '--run', 'other')).stderr).toContain(
      'there is no run other of photos',
    );
    await appendFile(world.at('state', run.log), 'no JSON\n');
    expect((await world.cloudsync('logs', 'photos')).stdout).toContain('no JSON');
    await rm(world.at('state', run.log));
    expect((await world.cloudsync('logs', 'photos')).stderr).toContain('cannot be read: ENOENT');
    const place = world.at('state/history/photos.json');
    const history = (await readFile(place, 'utf8')).replaceAll(JSON.stringify(run.log), 'null');
    await world.write('state/history/photos.json', history);
    expect((await world.cloudsync('logs', 'photos')).stderr).toContain(`run ${run.id} has no log: Succeeded`);
  });

  test.each(['task', 'credential', 'status'])('schema %s prints a JSON Schema', async (kind) => {
    await using world = await commandsIn();
    const { exitCode, stdout } = await world.cloudsync('schema', kind);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('$schema');
  });
});
