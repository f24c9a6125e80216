import { access } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { eventually } from '../../helper/eventually.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { addCredential, addTask } from '../../helper/task.ts';

test('a run that another command does, as it holds the state, is of the manifest as it is now', async () => {
  await using cloudsync = await openCloudsync();
  const at = cloudsync.directory.at;
  await addCredential(cloudsync);
  const waiting = `touch '${at('began')}'\nwhile [ ! -e '${at('go')}' ]; do sleep 0.02; done\n`;
  await addTask(cloudsync, 'slow', { preScript: waiting }, { 'a.txt': 'a' });
  await addTask(cloudsync, 'other', { transferMode: 'SYNC' }, { 'a.txt': 'a' });
  await writeTree(at('cloud/other'), { 'kept-1.txt': '1', 'kept-2.txt': '2', 'kept-3.txt': '3' });

  const slow = cloudsync.start(['run', 'slow']);
  await eventually('the slow run has begun', () =>
    access(at('began')).then(
      () => true,
      () => null,
    ),
  );
  await addTask(cloudsync, 'other', { transferMode: 'COPY' }, {});
  const other = await cloudsync.run('run', 'other');
  await cloudsync.manifest('other.yaml', 'apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata: { name: other }\n');
  const invalid = await cloudsync.run('run', 'other');
  await writeTree(at('.'), { go: '' });

  expect(other.exitCode).toBe(0);
  expect(Object.keys(await readTree(at('cloud/other')))).toEqual(['a.txt', 'kept-1.txt', 'kept-2.txt', 'kept-3.txt']);
  expect(invalid).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is not valid') });
  expect((await slow.finished).exitCode).toBe(0);
});
