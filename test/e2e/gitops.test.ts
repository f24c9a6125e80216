import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { StatusFile, TaskStatus } from '../../src/model/status.ts';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { taskManifest, type WrittenSpec } from '../helper/manifest.ts';
import { addCredential, addTask, jsonFile } from '../helper/task.ts';

interface PlanDocument {
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly {
    readonly name: string;
    readonly action: string;
    readonly reason: string;
    readonly after: object;
  }[];
}

type TaskFile = StatusFile & { readonly status: TaskStatus };

async function opened(): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  return cloudsync;
}

function annotated(name: string, annotations: Readonly<Record<string, string>>, spec: WrittenSpec = {}): object {
  const manifest = taskManifest(name, spec);
  return { ...manifest, metadata: { name, annotations } };
}

test('a new value of cloudsync/run-at runs the task once, and is answered in the status', async () => {
  await using cloudsync = await opened();
  await addTask(cloudsync, 'photos', {});
  await cloudsync.manifest('photos.yaml', annotated('photos', { 'cloudsync/run-at': 'one' }));
  await cloudsync.daemon();
  const status = (wanted: (file: TaskFile) => boolean) =>
    jsonFile(cloudsync.directory.at('tasks.d', 'photos.status.json'), wanted);
  const first = await status(({ status: { handled } }) => handled?.runAt === 'one');
  expect(first.status.lastRun).toBeNull();

  const tokens = { 'cloudsync/run-at': 'two', 'cloudsync/reconcile-at': 'noon' };
  await cloudsync.manifest('photos.yaml', annotated('photos', tokens));
  const ran = await status(({ status: { lastRun } }) => lastRun !== null);
  expect(ran.status).toMatchObject({
    ...{ handled: { runAt: 'two', reconcileAt: 'noon' } },
    lastRun: { trigger: 'annotation', outcome: 'Succeeded' },
  });
  await cloudsync.run('apply');
  const { document } = await cloudsync.json<readonly object[]>('history', 'photos');
  expect(document).toHaveLength(1);
});

test('a schedule with cloudsync/prune: disabled outlives its manifest, until that is approved', async () => {
  await using cloudsync = await opened();
  await addTask(cloudsync, 'photos', {});
  await addTask(cloudsync, 'films', {});
  await cloudsync.manifest(
    'photos.yaml',
    annotated('photos', { 'cloudsync/prune': 'disabled' }, { schedule: 'daily' }),
  );
  await cloudsync.run('apply');
  await rm(cloudsync.directory.at('tasks.d', 'photos.yaml'));

  const kept = await cloudsync.run('apply');
  expect(kept).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('cloudsync/prune: disabled keeps') });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(0);
  const command = /cloudsync (approve-prune) ([0-9a-f]+)/.exec(kept.stdout)?.slice(1) ?? [];
  await cloudsync.run(...command);
  const { document } = await cloudsync.json<PlanDocument>('apply');
  expect(document.summary).toMatchObject({ delete: 1 });
});

test('apply looks twice before a schedule ends', async () => {
  await using cloudsync = await opened();
  await addTask(cloudsync, 'photos', { schedule: 'daily' });
  await addTask(cloudsync, 'films', { schedule: 'daily' });
  await cloudsync.run('apply');
  await rm(cloudsync.directory.at('tasks.d', 'photos.yaml'));

  const applied = await cloudsync.run('apply');
  expect(applied).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('the manifest of photos stay') });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(1);
});

test('a daemon ends a schedule at its second look, and says before that it will look again', async () => {
  await using cloudsync = await opened();
  await addTask(cloudsync, 'photos', { schedule: 'daily' });
  await addTask(cloudsync, 'films', { schedule: 'daily' });
  const daemon = await cloudsync.daemon('--watch', 'off');
  await rm(cloudsync.directory.at('tasks.d', 'photos.yaml'));
  const answer = cloudsync.run('apply');
  await daemon.logged('Reconciled', { waiting: ['photos'] });
  expect(await answer).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 deleted') });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(1);
});

test('with --strict one broken manifest holds back the whole revision', async () => {
  await using cloudsync = await opened();
  await addTask(cloudsync, 'photos', {});
  await cloudsync.run('apply');
  await addTask(cloudsync, 'films', {});
  await cloudsync.manifest('music.yaml', taskManifest('music', { direction: 'UP' }));

  const strict = await cloudsync.json<PlanDocument>('apply', '--strict');
  expect(strict).toMatchObject({ exitCode: 1, document: { summary: { create: 0, blocked: 1, invalid: 1 } } });
  const tolerant = await cloudsync.json<PlanDocument>('apply');
  expect(tolerant).toMatchObject({ exitCode: 1, document: { summary: { create: 1, blocked: 0, invalid: 1 } } });
});

test('hosts share a repository, and each takes care of what it selects', async () => {
  await using cloudsync = await opened();
  const labelled = (name: string, host: string) => ({
    ...taskManifest(name, { schedule: 'daily' }),
    metadata: { name, labels: { host } },
  });
  await cloudsync.manifest('photos.yaml', labelled('photos', 'nas'));
  await cloudsync.manifest('films.yaml', labelled('films', 'other'));
  Object.assign(cloudsync.environment, { CLOUDSYNC_SELECTOR: 'host=nas' });

  const ours = await cloudsync.json<PlanDocument>('apply');
  expect(ours.document.changes.map(({ name }) => name)).toEqual(['photos']);
  const named = await cloudsync.json<PlanDocument>('plan', '--selector', 'host', '--name', 'f*');
  expect(named.document.changes.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    'films NewManifest',
    'photos NotSelected',
  ]);
  const none = await cloudsync.run('apply', '--selector', 'host=nowhere');
  expect(none).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('select none of the 2 tasks here') });
  expect(await cloudsync.run('plan', '--selector', 'host=')).toMatchObject({ exitCode: 3 });
  expect(await cloudsync.run('plan', '--selector', '=x')).toMatchObject({
    ...{ exitCode: 64, stderr: expect.stringContaining('--selector: cannot read "=x"') },
  });
});

test('undelete brings back a task and its credential as they were applied', async () => {
  await using cloudsync = await opened();
  await addTask(cloudsync, 'photos', { schedule: 'daily', transferMode: 'SYNC', exclude: ['*.tmp'] });
  await addTask(cloudsync, 'films', {});
  const before = await cloudsync.json<PlanDocument>('plan');
  await cloudsync.run('apply');
  await rm(cloudsync.directory.at('tasks.d', 'photos.yaml'));
  await cloudsync.run('apply');
  expect(await cloudsync.run('undelete')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/photos +photos.yaml/),
  });

  expect(await cloudsync.run('undelete', 'photos')).toMatchObject({
    exitCode: 0,
    stdout: 'Wrote tasks.d/photos.yaml\n',
  });
  const after = await cloudsync.json<PlanDocument>('plan');
  const photosIn = ({ document }: typeof before) => document.changes.find(({ name }) => name === 'photos')?.after;
  expect(photosIn(after)).toEqual(photosIn(before));
  expect(await cloudsync.run('undelete', 'photos')).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining('there is a task photos: tasks.d/photos.yaml') },
  });
  expect(await cloudsync.run('undelete', 'other')).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining('no schedule of a task other has ended') },
  });

  await rm(cloudsync.directory.at('tasks.d', 'photos.yaml'));
  await rm(cloudsync.directory.at('tasks.d', 'here.yaml'));
  const printed = await cloudsync.run('undelete', 'photos', '--print');
  expect(printed.stdout).toMatch(/kind: CloudSyncTask[\s\S]*---[\s\S]*kind: CloudCredential/);
});
