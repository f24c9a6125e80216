import { chmod, lstat, mkdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/command/program.ts';
import { readTree } from '../helper/file-tree.ts';
import { capturingShell } from './capturing-shell.ts';
import { commandsIn } from './commands-in.ts';

type World = Awaited<ReturnType<typeof commandsIn>>;

describe('suspend and resume', () => {
  test('edit one line of the manifest, and say which', async () => {
    await using world = await commandsIn();
    const file = await world.writeTask('photos', 'schedule: daily # at midnight');
    await chmod(file, 0o640);
    const before = await readFile(file, 'utf8');

    const suspended = await world.cloudsync('suspend', 'photos');

    expect(suspended).toMatchObject({ exitCode: 0, stdout: `photos is suspended now: ${file}:5\n` });
    expect(suspended.stderr).toContain('Commit the change.');
    const after = await readFile(file, 'utf8');
    expect(after).toBe(before.replace('spec:\n', 'spec:\n  enabled: false\n'));
    expect((await stat(file)).mode & 0o777).toBe(0o640);

    expect(await world.cloudsync('resume', 'photos')).toMatchObject({
      ...{ exitCode: 0, stdout: `photos is enabled now: ${file}:5\n` },
    });
    expect(await readFile(file, 'utf8')).toBe(after.replace('false', 'true'));
  });

  test('write nothing where it is so already', async () => {
    await using world = await commandsIn();
    const file = await world.writeTask('photos', 'enabled: false');
    const { ino, ctimeNs } = await stat(file, { bigint: true });

    expect(await world.cloudsync('suspend', 'photos')).toEqual({
      ...{ exitCode: 0, stdout: `photos is suspended already: ${file}\n`, stderr: '' },
    });
    expect(await stat(file, { bigint: true })).toMatchObject({ ino, ctimeNs });
  });

  test('edit what a link leads to, and leave the link', async () => {
    await using world = await commandsIn();
    const file = await world.writeTask('photos');
    await mkdir(world.at('tasks.d/.shared'));
    await rename(file, world.at('tasks.d/.shared/photos'));
    await symlink('.shared/photos', file);

    expect(await world.cloudsync('suspend', 'photos')).toMatchObject({ exitCode: 0 });
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(world.at('tasks.d/.shared/photos'), 'utf8')).toContain('enabled: false');
  });
});

describe('nothing is changed', () => {
  test('when one of several tasks is not there', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    const before = await readTree(world.at('tasks.d'));

    const { exitCode, stdout, stderr } = await world.cloudsync('suspend', 'photos', 'musik');

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('there is no task musik; there is photos');
    expect(stderr).toContain('Nothing was changed.');
    expect(await readTree(world.at('tasks.d'))).toEqual(before);
  });

  test.for([
    ['is not valid', 'CS012', (world: World) => world.writeTask('photos', 'scheduel: daily')],
    [
      'has the name of another',
      'CS030',
      async (world: World): Promise<unknown> => {
        const file = await world.writeTask('photos');
        return world.write('tasks.d/b.yaml', await readFile(file, 'utf8'));
      },
    ],
    [
      'is written in a way that leaves no place for a line',
      'yourself',
      async (world: World): Promise<unknown> => {
        const text = await readFile(await world.writeTask('photos'), 'utf8');
        return world.write('tasks.d/photos.yaml', text.replace('direction: PUSH', '? direction\n  : PUSH'));
      },
    ],
  ] as const)('when the task %s', async ([, words, prepare]) => {
    await using world = await commandsIn();
    await prepare(world);
    const before = await readTree(world.at('tasks.d'));

    const { exitCode, stderr } = await world.cloudsync('suspend', 'photos');

    expect(exitCode).toBe(1);
    expect(stderr).toContain(words);
    expect(await readTree(world.at('tasks.d'))).toEqual(before);
  });

  test('when the directory is the checkout of git-sync, which the next commit replaces', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    await mkdir(world.at('.worktrees'));
    await rename(world.at('tasks.d'), world.at('.worktrees/abc'));
    await symlink('.worktrees/abc', world.at('tasks.d'));
    const before = await readTree(world.at('.worktrees'));

    const { exitCode, stderr } = await world.cloudsync('suspend', 'photos');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('would be lost');
    expect(await readTree(world.at('.worktrees'))).toEqual(before);
  });

  test('when the directory cannot be written to', async () => {
    const { shell, stderr } = capturingShell('/');
    expect(await runProgram(['suspend', 'photos', '--tasks', '/proc/self'], shell)).toBe(1);
    expect(stderr()).toContain('/proc/self cannot be written to here');
  });

  test('when only a broken credential has the name', async () => {
    await using world = await commandsIn();
    await world.write('tasks.d/nas.yaml', 'kind: CloudCredential\nmetadata: { name: nas }\n');
    expect(await world.cloudsync('suspend', 'nas')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('there is no task nas') },
    });
  });

  test('when there is no tasks directory', async () => {
    await using world = await commandsIn();
    await rename(world.at('tasks.d'), world.at('other'));
    expect(await world.cloudsync('resume', 'photos')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('does not exist') },
    });
  });
});
