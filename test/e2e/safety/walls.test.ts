import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

/** Runs between the folders `source` and `remote/photos`, which are walled in, beside the folder `outside`. */
async function run(directory: TemporaryDirectory, part: Partial<TaskSpec>) {
  const task = await localTask(directory, 'photos', part);
  const pathRoots = [directory.at('source'), directory.at('remote')];
  const tools = realTools(directory, { confinement: { pathRoots, commands: true } });
  const { ending } = await realRun(task, tools);
  return { ending, outside: await readTree(directory.at('outside')) };
}

async function open() {
  const directory = await temporaryDirectory();
  await writeTree(directory.path, {
    ...{ 'outside/secret.txt': 'secret', 'source/a.txt': 'a', 'source/link/secret.txt': 'overwritten' },
    ...{ 'remote/photos/a.txt': 'a', 'remote/photos/deep/link/secret.txt': 'overwritten' },
  });
  return directory;
}

const backup = { ...taskSpec().safety, backupFolder: '.trash' };

describe('a link that leads out of --path-root', () => {
  test.each<[string, Partial<TaskSpec>, string, string]>([
    ['a PULL onto a folder', { direction: 'PULL' }, 'source/deep/link', 'outside'],
    ['a PULL onto a file', { direction: 'PULL' }, 'source/deep/a.txt', 'outside/secret.txt'],
    ['a PULL onto a file that is not there yet', { direction: 'PULL' }, 'source/new.txt', 'outside/new.txt'],
    ['a SYNC back', { direction: 'PULL', transferMode: 'SYNC' }, 'source/deep/link', 'outside'],
    ['a link by way of another', { direction: 'PULL' }, 'source/deep/link', 'source/deep/../../outside'],
    ['a backup folder', { direction: 'PULL', safety: backup }, 'source/.trash', 'outside'],
    ['a PUSH onto a folder of this machine', {}, 'remote/photos/new', 'outside'],
  ])('is found before %s writes through it', async (_, part, at, to) => {
    await using directory = await open();
    await mkdir(directory.at('source/deep'), { recursive: true });
    await symlink(directory.at(to), directory.at(at));
    const { ending, outside } = await run(directory, part);
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('none of the folders') });
    expect(outside).toEqual({ 'secret.txt': 'secret' });
  });

  test('is not followed by a PUSH', async () => {
    await using directory = await open();
    await symlink(directory.at('outside'), directory.at('source/out'));
    const { ending } = await run(directory, { followSymlinks: true });
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('spec.followSymlinks') });
  });
});

test('a link that stays inside does no harm', async () => {
  await using directory = await open();
  await mkdir(directory.at('source/deep'), { recursive: true });
  await symlink(directory.at('source/link'), directory.at('source/deep/inside'));
  expect((await run(directory, { direction: 'PULL' })).ending.outcome).toMatch(/^Succeeded/);
});
