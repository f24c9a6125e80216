import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cloudsync } from '../helper/cloudsync.ts';
import { readTree } from '../helper/file-tree.ts';
import { addTask, openWithTask } from '../helper/task.ts';

interface PlanDocument {
  readonly hash: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly { readonly name: string; readonly action: string; readonly [field: string]: unknown }[];
}

async function openWithTwo(): Promise<Cloudsync> {
  const cloudsync = await openWithTask({ schedule: 'daily' });
  await addTask(cloudsync, 'letters');
  return cloudsync;
}

describe.concurrent('a dry run', () => {
  test.for([['plan'], ['apply', '--dry-run']])('%j shows what would be done, and writes nothing', async (words) => {
    await using cloudsync = await openWithTwo();
    const before = await readTree(cloudsync.directory.path);

    const text = await cloudsync.run(...words);
    const json = await cloudsync.json<PlanDocument>(...words);

    expect(text).toMatchObject({ exitCode: 0, stderr: '' });
    expect(text.stdout).toContain('Plan: 2 to create, 0 to update, 0 to delete, 0 unchanged');
    expect(json.document).toEqual({
      formatVersion: '1.0',
      hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      contentHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      revision: null,
      problems: [],
      summary: { create: 2, update: 0, delete: 0, unchanged: 0, adopt: 0, invalid: 0, blocked: 0 },
      changes: ['letters', 'photos'].map((name) => ({
        ...{ name, path: `${name}.yaml`, action: 'create', reason: 'NewManifest', before: null, fields: [] },
        after: {
          ...{
            path: `${name}.yaml`,
            specHash: expect.stringMatching(/^sha256:/),
            metadata: { labels: {}, annotations: {} },
          },
          spec: expect.objectContaining({ direction: 'PUSH', path: cloudsync.directory.at('local', name) }),
          credential: { provider: 'local', options: { root: cloudsync.directory.at('cloud') } },
        },
        effects: [{ code: name === 'photos' ? 'NextRuns' : 'ManualOnly', danger: false, message: expect.any(String) }],
      })),
    });
    expect(await readTree(cloudsync.directory.path)).toEqual(before);
  });

  test('is what apply then does', async () => {
    await using cloudsync = await openWithTwo();

    const planned = await cloudsync.json<PlanDocument>('plan');
    const applied = await cloudsync.json<PlanDocument>('apply');

    expect(applied.document.hash).toBe(planned.document.hash);
    expect(applied.document.summary).toEqual(planned.document.summary);
  });

  test('with --detailed-exitcode ends with 2 while there are changes', async () => {
    await using cloudsync = await openWithTwo();

    expect((await cloudsync.run('plan', '--detailed-exitcode')).exitCode).toBe(2);
    expect((await cloudsync.run('apply', '--detailed-exitcode')).exitCode).toBe(2);
    expect((await cloudsync.run('plan', '--detailed-exitcode')).exitCode).toBe(0);
  });
});

describe.concurrent('applying twice', () => {
  // The pauses before the first apply and before the second, as the programs see the time.
  test.for([
    { first: 0, second: 0 },
    { first: 0, second: 1000 },
    { first: 0, second: 2500 },
    { first: 1000, second: 2500 },
    { first: 2500, second: 0 },
    { first: 2500, second: 60_000 },
  ])('after pauses of $first and $second ms writes nothing the second time', async (pauses) => {
    await using cloudsync = await openWithTask({ schedule: '0 0 1 1 *' });
    await addTask(cloudsync, 'letters');

    shiftTime(cloudsync, pauses.first);
    const first = await cloudsync.run('apply');
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('No daemon is running') });
    const before = await readTree(cloudsync.directory.path);
    const filesBefore = await identities(cloudsync.directory.path, Object.keys(before));
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['tasks.d/photos.status.json', 'tasks.d/here.status.json', 'state/.gitignore']),
    );

    shiftTime(cloudsync, pauses.first + pauses.second);
    const second = await cloudsync.run('apply');
    expect(second.stdout).toContain('0 created, 0 updated, 0 deleted, 2 unchanged');
    expect(await readTree(cloudsync.directory.path)).toEqual(before);
    expect(await identities(cloudsync.directory.path, Object.keys(before))).toEqual(filesBefore);
  });
});

/** Programs that are started from now on see a time that is so much later. */
function shiftTime({ environment }: Cloudsync, ms: number): void {
  const preload = `const now = Date.now; Date.now = () => now() + ${ms};`;
  const options = `--import=data:text/javascript,${encodeURIComponent(preload)}`;
  Object.assign(environment, { NODE_OPTIONS: options });
}

/** A file that is written again has another inode, or another time. */
async function identities(directory: string, paths: readonly string[]) {
  const found = await Promise.all(paths.map((path) => stat(join(directory, path), { bigint: true })));
  return Object.fromEntries(found.map(({ ino, mtimeNs, ctimeNs }, index) => [paths[index], { ino, mtimeNs, ctimeNs }]));
}

test.concurrent('an edit is shown field by field, with what it endangers', async () => {
  await using cloudsync = await openWithTwo();
  await cloudsync.run('apply');
  await addTask(cloudsync, 'letters', { transferMode: 'SYNC' });

  const { document } = await cloudsync.json<PlanDocument>('plan');
  const text = await cloudsync.run('plan');

  expect(document.summary).toMatchObject({ create: 0, update: 1, unchanged: 1 });
  expect(document.changes.find(({ name }) => name === 'letters')).toMatchObject({
    ...{ action: 'update', reason: 'SpecChanged' },
    effects: expect.arrayContaining([expect.objectContaining({ code: 'DeletesAtDestination', danger: true })]),
  });
  expect(text.stdout).toMatch(/COPY.*SYNC/s);
});

test.concurrent('a broken manifest keeps its last good version and does not stop the others', async () => {
  await using cloudsync = await openWithTwo();
  await cloudsync.run('apply');
  await cloudsync.manifest('photos.yaml', 'kind: [\n');
  await addTask(cloudsync, 'music');

  const { document, exitCode } = await cloudsync.json<PlanDocument>('apply');

  expect(exitCode).toBe(1);
  expect(document.summary).toMatchObject({ create: 1, unchanged: 1, invalid: 1, delete: 0 });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(0);
  expect((await cloudsync.run('next', 'music')).exitCode).toBe(0);
  expect((await cloudsync.json<PlanDocument>('plan')).document.summary).toMatchObject({ unchanged: 2, invalid: 1 });
});

test.concurrent('a credential that leads elsewhere is an update of the tasks that use it', async () => {
  await using cloudsync = await openWithTwo();
  await cloudsync.run('apply');
  await cloudsync.manifest('here.yaml', {
    ...{ apiVersion: 'cloudsync/v1', kind: 'CloudCredential', metadata: { name: 'here' } },
    spec: { provider: 'local', options: { root: '../elsewhere' } },
  });

  const { document } = await cloudsync.json<PlanDocument>('plan');

  expect(document.changes.map(({ name, action, reason }) => ({ name, action, reason }))).toEqual([
    { name: 'letters', action: 'update', reason: 'CredentialChanged' },
    { name: 'photos', action: 'update', reason: 'CredentialChanged' },
  ]);
});
