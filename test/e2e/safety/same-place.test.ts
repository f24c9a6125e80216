import { symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { realRun, realTools } from '../../run/real-run.ts';

interface Sides extends Partial<Omit<TaskSpec, 'remote'>> {
  readonly path: string;
  readonly root: string;
  readonly folder?: string;
}

/** Runs a task between a directory and the root of a credential of this machine; what is there afterwards. */
async function run(directory: TemporaryDirectory, { path, root, folder = '', ...part }: Sides) {
  const spec = taskSpec({
    retry: { limit: 0, backoffMs: 1000 },
    ...part,
    paths: [directory.at(path)],
    remote: remoteLocation({ folder }),
  });
  const task = resolvedTask('photos', { spec, credential: credentialSpec({ options: { root: directory.at(root) } }) });
  const before = await readTree(directory.path);
  const { ending } = await realRun(task, realTools(directory));
  const { state: _, ...after } = { ...(await readTree(directory.path)), state: '' };
  return { ending, isUntouched: JSON.stringify(before) === JSON.stringify(after) };
}

const files = { 'data/a.txt': 'a', 'data/sub/b.txt': 'b', 'data/sub/deep/c.txt': 'c', 'other/d.txt': 'd' };

describe('a run onto itself', () => {
  test.each<[string, Sides]>([
    ['a MOVE through a link', { path: 'data', root: 'link', transferMode: 'MOVE' }],
    ['a SYNC through a link', { path: 'data', root: 'link', transferMode: 'SYNC' }],
    ['a COPY through a link', { path: 'data', root: 'link' }],
    ['a PULL through a link', { path: 'data', root: 'link', direction: 'PULL' }],
    ['a MOVE by PULL', { path: 'link', root: 'data', direction: 'PULL', transferMode: 'MOVE' }],
    ['a link on both sides', { path: 'link', root: 'second', transferMode: 'SYNC' }],
    ['a link in the middle', { path: 'data/sub', root: 'link/sub', transferMode: 'MOVE' }],
    ['a folder that leads there', { path: 'data/sub', root: 'link', folder: 'sub', transferMode: 'SYNC' }],
    ['a destination inside the source', { path: 'data', root: 'link', folder: 'sub', transferMode: 'SYNC' }],
    ['a COPY into its own source', { path: 'data', root: 'link', folder: 'new/deep' }],
    ['a source inside the destination', { path: 'data/sub', root: 'link', transferMode: 'SYNC' }],
    ['a MOVE upwards', { path: 'link/sub', root: 'data', transferMode: 'MOVE' }],
  ])('is Blocked, and touches nothing: %s', async (_, sides) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.path, files);
    await symlink('data', directory.at('link'));
    await symlink(directory.at('link'), directory.at('second'));
    const { ending, isUntouched } = await run(directory, sides);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/same place|is inside the (?:source|destination)/),
    });
    expect(isUntouched).toBe(true);
  });

  test.each<[string, Sides, string, string]>([
    ['the source leads to the destination', { path: 'data', root: 'other' }, 'data/sub/link', 'other'],
    [
      'the destination leads to the source',
      { path: 'data', root: 'other', transferMode: 'SYNC' },
      'other/link',
      'data',
    ],
    ['one link leads to another', { path: 'data', root: 'other' }, 'data/sub/link', 'third'],
    ['a PULL', { path: 'data', root: 'other', direction: 'PULL', transferMode: 'MOVE' }, 'other/link', 'data/sub'],
  ])('is Blocked where links are followed, and %s', async (_, sides, at, to) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.path, { ...files, 'third/e.txt': 'e' });
    await symlink(directory.at(to), directory.at(at));
    await symlink(directory.at('other'), directory.at('third/link'));
    const { ending, isUntouched } = await run(directory, { ...sides, followSymlinks: true });
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('(a link)') });
    expect(isUntouched).toBe(true);
  });

  test('is not what a copy from below its destination is, unless it sets aside into its source', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.path, files);
    const upwards = { path: 'data/sub', root: 'data' };
    expect((await run(directory, upwards)).ending).toMatchObject({ outcome: 'Succeeded' });
    const safety = { ...taskSpec().safety, backupFolder: 'sub/kept' };
    expect((await run(directory, { ...upwards, safety })).ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringContaining('backup folder'),
    });
  });

  test('is not what two places with a link beside them are', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.path, files);
    await symlink('data', directory.at('link'));
    const { ending } = await run(directory, { path: 'link', root: 'other', folder: 'kept' });
    expect(ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 3 } });
  });
});
