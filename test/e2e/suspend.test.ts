import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readTree } from '../helper/file-tree.ts';
import { jsonFile, openWithTask } from '../helper/task.ts';

interface StatusDocument {
  readonly status: { readonly health: string; readonly schedule: { readonly next: string | null } };
}

test('a daemon takes up by itself what suspend and resume have written', async () => {
  await using cloudsync = await openWithTask({ schedule: '0 2 * * *' });
  await cloudsync.daemon();
  const status = cloudsync.directory.at('tasks.d/photos.status.json');
  const due = ({ status: { health, schedule } }: StatusDocument) => health !== 'Suspended' && schedule.next !== null;
  await jsonFile<StatusDocument>(status, due);

  expect(await cloudsync.run('suspend', 'photos')).toMatchObject({ exitCode: 0 });
  await jsonFile<StatusDocument>(status, (document) => document.status.health === 'Suspended');

  expect(await cloudsync.run('resume', 'photos')).toMatchObject({ exitCode: 0 });
  await jsonFile<StatusDocument>(status, due);
});

test('a disk that takes nothing more leaves the manifest as it was', async () => {
  await using cloudsync = await openWithTask();
  const before = await readTree(cloudsync.tasks);

  const { exitCode, stdout, stderr } = await cloudsync.start(['suspend', 'photos'], ['prlimit', '--fsize=0']).finished;

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('tasks.d/photos.yaml was not changed: EFBIG');
  expect(await readTree(cloudsync.tasks)).toEqual(before);
  expect(await readFile(cloudsync.directory.at('tasks.d/photos.yaml'), 'utf8')).not.toContain('enabled');
});
