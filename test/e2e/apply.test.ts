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
      ...{ formatVersion: '1.0', hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), revision: null, problems: [] },
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

test.concurrent('applying twice changes nothing, to the byte, the second time', async () => {
  await using cloudsync = await openWithTwo();

  const first = await cloudsync.run('apply');
  expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('No daemon is running') });
  const before = await readTree(cloudsync.directory.path);
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(['tasks.d/photos.status.json', 'tasks.d/here.status.json', 'tasks.d/.cloudsync/.gitignore']),
  );

  const second = await cloudsync.run('apply');
  expect(second.stdout).toContain('0 to create, 0 to update, 0 to delete, 2 unchanged');
  expect(await readTree(cloudsync.directory.path)).toEqual(before);
});

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
