import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readTree } from '../helper/file-tree.ts';
import { commandsIn, exists } from './commands-in.ts';

describe('new credential', () => {
  test('writes a manifest, and says what is to be done with it', async () => {
    await using world = await commandsIn();

    const { exitCode, stdout, stderr } = await world.cloudsync('new', 'credential', 'nas', '--provider', 'b2');

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `Wrote ${world.at('tasks.d/nas.yaml')}\n` });
    expect(stderr).toContain('put NAS_KEY into the environment');
    expect(stderr).toContain('verify nas');
    expect(await readFile(world.at('tasks.d/nas.yaml'), 'utf8')).toMatch(/^# Backblaze B2/);
    expect(await world.cloudsync('validate')).toMatchObject({ exitCode: 0, stdout: 'No problems in 2 files\n' });
  });

  test('of a provider with a login in the browser says how to get the token', async () => {
    await using world = await commandsIn();
    const { stderr } = await world.cloudsync('new', 'credential', 'box', '--provider', 'box');
    expect(stderr).toContain('credential authorize box');
    expect(stderr).not.toContain('BOX_TOKEN');
  });

  test('points an editor to the schema, wherever in the repository it is', async () => {
    await using world = await commandsIn();
    await mkdir(world.at('.git'));
    const print = async () =>
      (await world.cloudsync('new', 'credential', 'nas', '--provider', 'b2', '--print')).stdout.split('\n')[0];
    expect(await print()).toMatch(/^# Backblaze/);
    await world.write('schema/credential.schema.json', '{}');
    expect(await print()).toBe('# yaml-language-server: $schema=../schema/credential.schema.json');
    expect(await exists(world.at('tasks.d/nas.yaml'))).toBe(false);
  });
});

describe('new task', () => {
  test('takes what it is told', async () => {
    await using world = await commandsIn();
    const wishes = [
      '--direction',
      'pull',
      '--mode',
      'MOVE',
      '--path',
      'data',
      '--folder',
      'a b',
      '--schedule',
      'daily',
    ];

    expect(await world.cloudsync('new', 'task', 'photos', '--credential', 'here', ...wishes)).toMatchObject({
      ...{ exitCode: 0, stderr: expect.stringContaining('run photos --dry-run') },
    });

    const text = await readFile(world.at('tasks.d/photos.yaml'), 'utf8');
    expect(text.replace(/^ *#.*\n/gm, '')).toBe(
      `apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata:\n  name: photos\nspec:\n  direction: PULL\n  transferMode: MOVE\n  path: ${world.at('data')}\n  remote:\n    credential: here\n    folder: a b\n  schedule: "daily"\n`,
    );
    expect(await world.cloudsync('validate')).toMatchObject({ exitCode: 0 });
  });

  test('writes a credential too where a provider is named', async () => {
    await using world = await commandsIn();
    const { stdout } = await world.cloudsync('new', 'task', 'photos', '--provider', 's3', '--bucket', 'family');
    expect(stdout).toBe(`Wrote ${world.at('tasks.d/s3.yaml')}\nWrote ${world.at('tasks.d/photos.yaml')}\n`);
    expect(await world.cloudsync('validate')).toMatchObject({ exitCode: 0, stdout: 'No problems in 3 files\n' });
  });

  test('prints the task alone, also where there is no tasks directory', async () => {
    await using world = await commandsIn();
    await rename(world.at('tasks.d'), world.at('other'));
    const { exitCode, stdout } = await world.cloudsync('new', 'task', 'photos', '--provider', 'http', '--print');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('kind: CloudSyncTask');
    expect(stdout).toContain('direction: PULL');
    expect(stdout).not.toContain('CloudCredential');
    expect(await exists(world.at('tasks.d'))).toBe(false);
  });

  test('prints one of a name that is taken', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    const printed = await world.cloudsync('new', 'task', 'photos', '--credential', 'here', '--print');
    expect(printed).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('nothing is written', () => {
  const newTask = ['new', 'task', 'music', '--credential', 'here'];
  test.for([
    [['new', 'task', 'photos', '--credential', 'here'], 1, 'photos.yaml exists already'],
    [['new', 'credential', 'photos', '--provider', 'b2'], 1, 'photos.yaml exists already'],
    [['new', 'task', 'letters', '--credential', 'here'], 1, 'CS033'],
    [['new', 'task', 'elsewhere', '--credential', 'here'], 1, 'CS030'],
    [[...newTask, '--schedule', 'sometimes'], 1, 'CS021'],
    [[...newTask, '--bucket', 'family'], 1, 'CS035'],
    [['new', 'task', 'music', '--credential', 'there'], 1, 'no valid credential there; there is here'],
    [['new', 'credential', 'nas', '--provider', 'dropbx'], 1, 'dropbx'],
    [['new', 'credential', 'folder', '--provider', 'b2'], 1, 'exists already'],
    [['new', 'credential', 'nas'], 64, '--provider'],
    [['new', 'credential', 'nas', '--provider', 'b2', '--path', '/data'], 64, '--path is for tasks'],
    [['new', 'task', 'music'], 64, '--credential NAME'],
    [[...newTask, '--provider', 'b2'], 64, 'either'],
    [[...newTask, '--mode', 'MIRROR'], 64, 'SYNC, COPY, MOVE'],
    [['new', 'schedule', 'music'], 64, 'task or credential'],
    [['new', 'task', '../music', '--credential', 'here'], 64, 'lower-case'],
    [['new', 'task', `a${'b'.repeat(52)}`, '--credential', 'here'], 64, 'at most 52'],
  ] as const)('%j ends with %d and says %s', async ([parameters, exitCode, words]) => {
    await using world = await commandsIn();
    const photos = await readFile(await world.writeTask('photos'), 'utf8');
    await world.write('tasks.d/letters.yml', photos.replaceAll('photos', 'letters'));
    await world.write('tasks.d/sub/a.yaml', photos.replaceAll('photos', 'elsewhere'));
    await mkdir(world.at('tasks.d/folder.yaml'));
    const before = await readTree(world.at('tasks.d'));

    const done = await world.cloudsync(...parameters);

    expect(done).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(words) });
    expect(await readTree(world.at('tasks.d'))).toEqual(before);
  });

  test('without a tasks directory, which init makes', async () => {
    await using world = await commandsIn();
    await rename(world.at('tasks.d'), world.at('other'));
    expect(await world.cloudsync(...newTask)).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('`cloudsync init` makes one') },
    });
  });

  test('into the checkout of git-sync', async () => {
    await using world = await commandsIn();
    await mkdir(world.at('.worktrees'));
    await rename(world.at('tasks.d'), world.at('.worktrees/abc'));
    await symlink('.worktrees/abc', world.at('tasks.d'));
    expect(await world.cloudsync(...newTask)).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('would be lost') },
    });
    expect(await world.cloudsync(...newTask, '--print')).toMatchObject({ exitCode: 0 });
  });

  test('over a file that a link leads nowhere from', async () => {
    await using world = await commandsIn();
    await symlink('missing', world.at('tasks.d/music.yaml'));
    await writeFile(world.at('tasks.d/.keep'), '');
    expect(await world.cloudsync(...newTask)).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('exists already') },
    });
  });
});
