import { mkdir, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

/** What a hint says in place of a flag of rclone's does what the flag does. */
test.each<[string, Partial<TaskSpec>, readonly string[]]>([
  ['max-depth 1', { exclude: ['/*/**'] }, ['a.jpg', 'b.JPG', 'c.txt']],
  ['ignore-case', { include: ['*.{jpg,JPG}'] }, ['a.jpg', 'b.JPG', 'sub/d.jpg']],
  ['exclude', { exclude: ['*.txt'] }, ['a.jpg', 'b.JPG', 'sub/d.jpg']],
  ['include', { include: ['*.txt'] }, ['c.txt']],
  ['copy-links', { followSymlinks: true }, ['a.jpg', 'b.JPG', 'c.txt', 'link', 'sub/d.jpg']],
])('in place of %s', async (_, part, expected) => {
  await using directory = await temporaryDirectory();
  await writeTree(directory.at('source'), { 'a.jpg': 'a', 'b.JPG': 'b', 'c.txt': 'c', 'sub/d.jpg': 'd' });
  await writeTree(directory.at('elsewhere'), { file: 'f' });
  await symlink(directory.at('elsewhere/file'), directory.at('source/link'));
  const { ending } = await realRun(await localTask(directory, 'photos', part), realTools(directory));
  expect(['Succeeded', 'SucceededWithWarnings']).toContain(ending.outcome);
  expect(Object.keys(await readTree(directory.at('remote/photos')))).toEqual(expected);
});

test('in place of create-empty-src-dirs', async () => {
  await using directory = await temporaryDirectory();
  const task = await localTask(directory, 'photos', { createEmptySourceDirectories: true });
  await mkdir(directory.at('source/empty'));
  await realRun(task, realTools(directory));
  expect(await readTree(directory.at('remote/photos'))).toEqual({});
  await expect(mkdir(directory.at('remote/photos/empty'))).rejects.toThrow('EEXIST');
});
