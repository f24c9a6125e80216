import { mkdir, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openCloudsync } from '../helper/cloudsync.ts';
import { readTree } from '../helper/file-tree.ts';
import { taskManifest } from '../helper/manifest.ts';
import { addCredential, openWithTask } from '../helper/task.ts';

interface Validation {
  readonly valid: boolean;
  readonly files: number;
  readonly problems: readonly { readonly code: string; readonly file: string; readonly [field: string]: unknown }[];
}

const wrongDirection = taskManifest('wrong', { direction: 'UP' });

test.concurrent('valid manifests', async () => {
  await using cloudsync = await openWithTask();
  const before = await readTree(cloudsync.directory.path);

  expect(await cloudsync.run('validate')).toEqual({ exitCode: 0, stdout: 'No problems in 2 files\n', stderr: '' });
  const { document, exitCode } = await cloudsync.json<Validation>('validate');
  expect(document).toEqual({ valid: true, files: 2, problems: [] });
  expect(exitCode).toBe(0);
  expect(await readTree(cloudsync.directory.path)).toEqual(before);
});

test.concurrent('a problem has its place, in text and in JSON', async () => {
  await using cloudsync = await openWithTask();
  await cloudsync.manifest('wrong.yaml', wrongDirection);

  const text = await cloudsync.run('validate');
  expect(text.exitCode).toBe(1);
  expect(text.stdout).toMatch(/^tasks\.d\/wrong\.yaml:6:14 error CS014 .*PUSH.*PULL/m);
  expect(text.stdout).toContain('> 6 |   direction: UP');
  expect(text.stdout).toContain('1 error in 3 files');

  const { document, exitCode } = await cloudsync.json<Validation>('validate');
  expect(exitCode).toBe(1);
  expect(document).toEqual({
    ...{ valid: false, files: 3 },
    problems: [
      {
        ...{ code: 'CS014', severity: 'error', file: 'tasks.d/wrong.yaml', line: 6, column: 14 },
        ...{ message: 'spec.direction must be PUSH or PULL; found "UP"', hint: null },
      },
    ],
  });
});

test.concurrent('named files are judged with their neighbours, and only they', async () => {
  await using cloudsync = await openWithTask();
  await cloudsync.manifest('wrong.yaml', wrongDirection);
  await cloudsync.manifest('deeper/lost.yaml', taskManifest('lost', { remote: { credential: 'her' } }));

  const good = await cloudsync.json<Validation>('validate', 'tasks.d/photos.yaml');
  expect(good).toMatchObject({ exitCode: 0, document: { valid: true, files: 1, problems: [] } });

  const bad = await cloudsync.json<Validation>('validate', 'tasks.d/photos.yaml', 'tasks.d/deeper/lost.yaml');
  expect(bad).toMatchObject({ exitCode: 1, document: { valid: false, files: 2 } });
  expect(bad.document.problems.map(({ code, file, hint }) => ({ code, file, hint }))).toEqual([
    { code: 'CS031', file: 'tasks.d/deeper/lost.yaml', hint: 'did you mean "here"?' },
  ]);
});

test.concurrent('a directory that is named, one that is missing, and one without manifests', async () => {
  await using cloudsync = await openCloudsync();
  await cloudsync.directory.write('other/wrong.yaml', 'kind: Nothing\n');
  await mkdir(cloudsync.directory.at('empty'));

  expect(await cloudsync.json<Validation>('validate', 'other')).toMatchObject({
    ...{ exitCode: 1, document: { valid: false, files: 1 } },
  });
  expect(await cloudsync.run('validate', 'empty')).toMatchObject({ exitCode: 0, stdout: 'No problems in 0 files\n' });
  await rm(cloudsync.tasks, { recursive: true });
  const missing = await cloudsync.run('validate');
  expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
  expect(missing.stderr).toContain('tasks.d does not exist');
});

test.concurrent.for(['absent.yaml', 'notes.txt'])('%s, which is no manifest, is not called valid', async (name) => {
  await using cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  await cloudsync.manifest('notes.txt', 'kind: CloudSyncTask\n');

  const { exitCode, stdout, stderr } = await cloudsync.run('validate', 'tasks.d/here.yaml', `tasks.d/${name}`);

  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(`tasks.d/${name} is no manifest`);
});
