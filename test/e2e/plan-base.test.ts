import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { commitAll, git } from '../helper/git-repository.ts';
import { addCredential, addTask } from '../helper/task.ts';

interface PlanDocument {
  readonly comparedWith: object;
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly { readonly name: string; readonly action: string }[];
}

const names = Array.from({ length: 10 }, (_, index) => `task-${index}`);

/** Ten tasks, then one of them broken, then it mended, another changed and a third added: three commits. */
async function openWithCommits(): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  git(cloudsync.directory.path, 'init', '--quiet');
  await addCredential(cloudsync);
  for (const name of names) await addTask(cloudsync, name, { schedule: 'daily' });
  commit(cloudsync, 'one');
  await cloudsync.manifest('task-0.yaml', 'kind: [');
  commit(cloudsync, 'two');
  await addTask(cloudsync, 'task-0', { schedule: 'daily' });
  await addTask(cloudsync, 'task-1', { schedule: 'weekly' });
  await addTask(cloudsync, 'new');
  commit(cloudsync, 'three');
  return cloudsync;
}

function commit({ directory }: Cloudsync, tag: string): void {
  commitAll(directory.path);
  git(directory.path, 'tag', tag);
}

function actionsIn({ changes }: PlanDocument): readonly string[] {
  return changes.filter(({ action }) => action !== 'unchanged').map(({ name, action }) => `${action} ${name}`);
}

describe.concurrent('a plan against a revision', () => {
  test('shows what the working tree changes, whatever is active', async () => {
    await using cloudsync = await openWithCommits();
    const status = git(cloudsync.directory.path, 'status', '--porcelain');
    const first = await cloudsync.json<PlanDocument>('plan', '--base', 'one');
    const second = await cloudsync.json<PlanDocument>('apply', '--dry-run', '--base', 'three~1', '--detailed-exitcode');
    const third = await cloudsync.run('plan', '--base', 'HEAD', '--detailed-exitcode');

    expect(actionsIn(first.document)).toEqual(['create new', 'update task-1']);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(actionsIn(second.document)).toEqual(['create new', 'create task-0', 'update task-1']);
    expect(second).toMatchObject({
      ...{ exitCode: 2, stderr: expect.stringContaining('not valid at three~1, so not active there: task-0.yaml') },
      document: { comparedWith: { kind: 'base', ref: 'three~1', invalid: ['task-0.yaml'] } },
    });
    expect(third).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('11 unchanged') });
    expect(third.stdout).toMatch(
      /^A proposed change against HEAD \([0-9a-f]{12}\); not compared with a running daemon\./,
    );
    expect(git(cloudsync.directory.path, 'status', '--porcelain')).toBe(status);
    expect(await cloudsync.run('next', 'new')).toMatchObject({ exitCode: 1 });
  });

  test('shows what the prune guard would do', async () => {
    await using cloudsync = await openWithCommits();
    for (const name of names.slice(0, 6)) await rm(cloudsync.directory.at(`tasks.d/${name}.yaml`));

    const { exitCode, stdout } = await cloudsync.run('plan', '--base', 'one');

    expect(exitCode).toBe(3);
    expect(stdout).toContain('6 of 10 active tasks have no manifest any more, and at most 5 are deleted at once');
    expect(stdout).toContain('1 to create, 0 to update, 0 to delete, 4 unchanged, 6 blocked');
  });

  test('cannot be applied, neither at once nor saved', async () => {
    await using cloudsync = await openWithCommits();
    expect(await cloudsync.run('apply', '--base', 'one')).toMatchObject({ exitCode: 64 });
    expect(await cloudsync.run('plan', '--base', 'one', '--state', 'x')).toMatchObject({ exitCode: 64 });
    await cloudsync.run('plan', '--base', 'one', '-o', 'plan.json');
    expect(await cloudsync.run('apply', 'plan.json')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('compares with one and not with what is active') },
    });
  });

  test('says what to do where there is no such revision', async () => {
    await using cloudsync = await openWithCommits();
    expect(await cloudsync.run('plan', '--base', 'origin/main')).toMatchObject({
      ...{ exitCode: 1, stdout: '', stderr: expect.stringContaining('git fetch origin main') },
    });
  });
});
