import { readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { treeOf } from '../daemon/tree.ts';
import { commandsIn, exists } from './commands-in.ts';

describe('plan and apply', () => {
  test('shows, does, and then has nothing left to do', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos', 'schedule: daily');
    const before = await treeOf(world.path);
    const plan = await world.cloudsync('plan', '--detailed-exitcode', '-o', 'json');
    expect(plan.exitCode).toBe(2);
    expect(await treeOf(world.path)).toEqual(before);
    expect(await exists(world.at('state'))).toBe(false);

    const applied = await world.cloudsync('apply', '-o', 'json');
    expect(applied.exitCode).toBe(0);
    expect(JSON.parse(applied.stdout)).toEqual(JSON.parse(plan.stdout));
    expect(applied.stderr).toContain('No daemon is running: schedules take effect when one starts.');
    const dry = await world.cloudsync('apply', '--dry-run', '--detailed-exitcode');
    expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 unchanged'), stderr: '' });
  });

  test('an invalid manifest fails it, and the others are applied all the same', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    await world.writeTask('broken', 'scheduel: daily');
    expect(await world.cloudsync('apply')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('CS012') });
    expect(await readFile(world.at('state/active.ndjson'), 'utf8')).toContain('photos');
  });

  test.each([['plan'], ['apply']])('%s of a directory that is not there fails in words', async (command) => {
    await using world = await commandsIn();
    await rm(world.at('tasks.d'), { recursive: true });
    expect(await world.cloudsync(command)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^cloudsync: /),
    });
  });

  test('a mass deletion is refused until exactly it is approved', async () => {
    await using world = await commandsIn();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const name of names) await world.writeTask(name);
    await world.cloudsync('apply');
    for (const name of names) await rm(world.at(`tasks.d/${name}.yaml`));
    const refused = await world.cloudsync('apply');
    expect(refused.exitCode).toBe(3);
    const hash = /approve-prune ([0-9a-f]+)/.exec(refused.stdout)?.[1] ?? '';
    const approved = await world.cloudsync('approve-prune', hash);
    expect(approved).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Approved: the next') });
    expect(await world.cloudsync('apply')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('7 deleted'),
    });
  });
});
