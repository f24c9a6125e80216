import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

async function run(files: Readonly<Record<string, string>>, backupFolder: string, part: Partial<TaskSpec> = {}) {
  await using directory = await temporaryDirectory();
  const safety = { ...taskSpec().safety, backupFolder };
  const task = await localTask(directory, 'photos', { transferMode: 'SYNC', ...part, safety });
  await writeTree(directory.path, files);
  const { ending } = await realRun(task, realTools(directory));
  return { ending, remote: await readTree(directory.at('remote/photos')) };
}

describe('a backup folder that the source has, too', () => {
  test.each<[string, Record<string, string>, string, Partial<TaskSpec>]>([
    ['a folder', { 'source/archive/a.txt': 'a', 'source/b.txt': 'b' }, 'archive', {}],
    ['a folder in another case', { 'source/Archive/a.txt': 'a', 'source/b.txt': 'b' }, 'archive', {}],
    ['a folder in another form of Unicode', { 'source/Rest\u00e9/a.txt': 'a' }, 'Reste\u0301', {}],
    ['a file', { 'source/archive': 'a', 'source/b.txt': 'b' }, 'archive', {}],
    ['deep below', { 'source/kept/archive/a.txt': 'a' }, 'kept/archive', {}],
    ['with COPY', { 'source/archive/a.txt': 'a' }, 'archive', { transferMode: 'COPY' }],
    ['with PULL', { 'remote/photos/ARCHIVE/a.txt': 'a' }, 'archive', { direction: 'PULL' }],
  ])('blocks the run, which would leave it out: %s', async (_, files, backupFolder, part) => {
    const { ending } = await run(files, backupFolder, part);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringContaining(`and spec.safety.backupFolder is ${backupFolder}`),
    });
  });

  test.each<[string, Record<string, string>, Partial<TaskSpec>]>([
    ['elsewhere', { 'source/sub/archive/a.txt': 'a' }, {}],
    ['excluded', { 'source/archive/a.txt': 'a', 'source/b.txt': 'b' }, { exclude: ['/archive/'] }],
  ])('does not where nothing is left out silently: %s', async (_, files, part) => {
    const { ending } = await run(files, 'archive', part);
    expect(ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 1 } });
  });
});
