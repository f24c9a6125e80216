import { mkdir, rename, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Cloudsync } from '../helper/cloudsync.ts';
import { addCredential, addTask, openWithTask } from '../helper/task.ts';

interface PlanDocument {
  readonly summary: Readonly<Record<string, number>>;
}

async function openApplied(): Promise<Cloudsync> {
  const cloudsync = await openWithTask({ schedule: 'daily' });
  await addTask(cloudsync, 'letters', { schedule: 'daily' });
  await cloudsync.run('apply');
  return cloudsync;
}

const all = ['here', 'photos', 'letters'] as const;

async function removeManifests(cloudsync: Cloudsync, ...names: readonly string[]): Promise<void> {
  for (const name of names) await rm(cloudsync.directory.at('tasks.d', `${name}.yaml`));
}

/** The command that a refusal names. */
function approvalIn(text: string): readonly string[] {
  const command = /cloudsync (approve-prune [0-9a-f]+)/.exec(text)?.[1];
  if (command === undefined) throw new Error(`No approve-prune in: ${text}`);
  return command.split(' ');
}

test.concurrent('an empty directory is refused until it is approved', async () => {
  await using cloudsync = await openApplied();
  await removeManifests(cloudsync, ...all);

  const refused = await cloudsync.run('apply');
  expect(refused).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('holds no manifests') });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(0);

  expect(await cloudsync.run(...approvalIn(refused.stdout))).toMatchObject({ exitCode: 0 });
  const applied = await cloudsync.json<PlanDocument>('apply');
  expect(applied).toMatchObject({ exitCode: 0, document: { summary: { delete: 2, blocked: 0 } } });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(1);
});

test.concurrent('an approval holds for the deletes that were refused, and for no others', async () => {
  await using cloudsync = await openApplied();
  await removeManifests(cloudsync, ...all);
  const refused = await cloudsync.run('apply');

  expect(await cloudsync.run('approve-prune', '0123456789ab')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /no refused removal has the hash 0123456789ab; .*approve-prune [0-9a-f]{12} \(letters, photos\)/,
    ),
  });
  expect((await cloudsync.run('apply')).exitCode).toBe(3);
  await cloudsync.run(...approvalIn(refused.stdout));
  await addCredential(cloudsync);
  await addTask(cloudsync, 'music', { schedule: 'daily' });
  await cloudsync.run('apply');
  await removeManifests(cloudsync, 'here', 'music');

  expect((await cloudsync.run('apply')).exitCode).toBe(3);
});

test.concurrent('there is nothing to approve where nothing is refused', async () => {
  await using cloudsync = await openApplied();
  expect(await cloudsync.run('approve-prune', '0123456789ab')).toMatchObject({
    exitCode: 1,
    stderr: 'cloudsync: no removal is refused now, so there is nothing to approve\n',
  });
});

test.concurrent('an approval lapses when the manifests are back', async () => {
  await using cloudsync = await openApplied();
  const { tasks, directory } = cloudsync;
  await rename(tasks, directory.at('away'));
  await mkdir(tasks);
  const refused = await cloudsync.run('apply');
  expect(refused.exitCode).toBe(3);
  expect((await cloudsync.run(...approvalIn(refused.stdout))).exitCode).toBe(0);

  for (const name of all) await rename(directory.at('away', `${name}.yaml`), directory.at('tasks.d', `${name}.yaml`));
  expect((await cloudsync.run('apply')).exitCode).toBe(0);
  await removeManifests(cloudsync, ...all);
  expect((await cloudsync.run('apply')).exitCode).toBe(3);
});

test.concurrent('an empty directory is meant where .allow-empty is', async () => {
  await using cloudsync = await openApplied();
  await removeManifests(cloudsync, ...all);
  await cloudsync.directory.write('tasks.d/.allow-empty', '');

  expect(await cloudsync.json<PlanDocument>('apply')).toMatchObject({
    ...{ exitCode: 0, document: { summary: { delete: 2, blocked: 0 } } },
  });
});

test.concurrent('a missing directory deletes nothing', async () => {
  await using cloudsync = await openApplied();
  await cloudsync.run('apply');
  await rm(cloudsync.tasks, { recursive: true });

  expect(await cloudsync.run('apply')).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining('does not exist') },
  });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(0);
});

test.concurrent('a daemon applies an approved deletion at once', async () => {
  await using cloudsync = await openApplied();
  const daemon = await cloudsync.daemon();
  await removeManifests(cloudsync, ...all);
  await daemon.logged('Reconciled', { level: 'warning' });
  const refused = await cloudsync.run('apply');
  expect(refused.exitCode).toBe(3);

  expect(await cloudsync.run(...approvalIn(refused.stdout))).toMatchObject({
    ...{ exitCode: 0, stdout: 'Approved and applied: letters, photos removed.\n' },
  });
  expect((await cloudsync.run('next', 'photos')).exitCode).toBe(1);
});
