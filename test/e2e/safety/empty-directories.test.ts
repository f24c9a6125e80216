import { mkdir, readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

const move = { transferMode: 'MOVE', deleteEmptySourceDirectories: true } as const;

async function run(directory: TemporaryDirectory, part: Partial<TaskSpec>) {
  return realRun(await localTask(directory, 'photos', { ...move, ...part }), realTools(directory));
}

async function left(directory: TemporaryDirectory, folder = 'source'): Promise<readonly string[]> {
  return (await readdir(directory.at(folder), { recursive: true })).sort();
}

describe('deleteEmptySourceDirectories', () => {
  test.each(['PUSH', 'PULL'] as const)(
    'deletes what %s has emptied and what was empty, but not the root',
    async (direction) => {
      await using directory = await temporaryDirectory();
      const from = direction === 'PUSH' ? 'source' : 'remote/photos';
      await writeTree(directory.at(from), { 'a/b/file': 'f', file: 'f', '.zfs/snapshot/x/file': 'f' });
      await mkdir(directory.at(from, 'empty/deep'), { recursive: true });
      const { ending } = await run(directory, { direction });
      expect(ending).toMatchObject({ outcome: 'Succeeded', warnings: [] });
      expect(await left(directory, from)).toEqual(['.zfs', '.zfs/snapshot', '.zfs/snapshot/x', '.zfs/snapshot/x/file']);
    },
  );

  test('leaves folders that a filter leaves out, or that hold what it leaves out', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'kept/note.tmp': 'n', 'a/file': 'f' });
    await mkdir(directory.at('source/cache/deep'), { recursive: true });
    const { ending, heard } = await run(directory, { exclude: ['*.tmp', '/cache/**'] });
    expect(ending.outcome).toBe('Succeeded');
    expect(await left(directory)).toEqual(['cache', 'cache/deep', 'kept', 'kept/note.tmp']);
    const removed = heard.events.flatMap((event) =>
      event.type === 'RunChange' && event.change.action === 'rmdir' ? [event.change.path] : [],
    );
    expect(removed).toEqual(['a']);
  });

  test('leaves the paths of a list', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'photos/2026/a': 'a', 'letters/b': 'b', 'other/c': 'c' });
    await mkdir(directory.at('source/other/empty'));
    await run(directory, { paths: [directory.at('source/letters'), directory.at('source/photos')] });
    expect(await left(directory)).toEqual(['letters', 'other', 'other/c', 'other/empty', 'photos']);
  });

  test('deletes nothing where files could not be moved, and nothing without it', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('source/empty'), { recursive: true });
    await writeTree(directory.at('source'), { 'name/file': 'f' });
    await writeTree(directory.at('remote/photos'), { name: 'a file is in the way' });
    expect((await run(directory, {})).ending.outcome).toBe('Failed');
    expect(await left(directory)).toEqual(['empty', 'name', 'name/file']);
    await using other = await temporaryDirectory();
    await writeTree(other.at('source'), { 'a/file': 'f' });
    await run(other, { deleteEmptySourceDirectories: false });
    expect(await left(other)).toEqual(['a']);
  });

  test('a dry run deletes nothing', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('source/empty'), { recursive: true });
    const task = await localTask(directory, 'photos', move);
    await realRun(task, realTools(directory), true);
    expect(await left(directory)).toEqual(['empty']);
  });
});
