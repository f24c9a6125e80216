import { symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { realRun, realTools } from '../../run/real-run.ts';

interface Sides extends Partial<Omit<TaskSpec, 'remote'>> {
  readonly path: string;
  /** Absolute, or in the directory. */
  readonly root?: string;
}

const files = {
  'repository/tasks.d/photos.yaml': 'kind: CloudSyncTask',
  'repository/tasks.d/sample/photos/a.jpg': 'a',
  'repository/read.me': 'read me',
  'state/tokens/box': 'a token',
  'far/old.txt': 'old',
};

async function run({ path, root = 'far', ...part }: Sides) {
  await using directory = await temporaryDirectory();
  await writeTree(directory.path, files);
  await symlink('repository/tasks.d', directory.at('manifests'));
  await symlink('state', directory.at('kept'));
  const spec = taskSpec({
    retry: { limit: 0, backoffMs: 1000 },
    ...part,
    paths: [directory.at(path)],
    remote: remoteLocation({ folder: '' }),
  });
  const task = resolvedTask('photos', {
    spec,
    credential: credentialSpec({ options: { root: resolve(directory.path, root) } }),
  });
  const tools = realTools(directory, { tasksDirectory: directory.at('repository/tasks.d') });
  const { ending } = await realRun(task, tools);
  const tree = await readTree(directory.path);
  const isUntouched = Object.entries(files).every(([name, content]) => tree[name] === content);
  return { ending, isUntouched, far: Object.keys(tree).filter((name) => name.startsWith('far/')) };
}

describe('the tasks directory and the state directory', () => {
  test.each<[string, Sides, string]>([
    ['manifests pulled over', { path: 'repository/tasks.d', direction: 'PULL', transferMode: 'SYNC' }, 'tasks'],
    ['manifests pulled over through a link', { path: 'manifests', direction: 'PULL' }, 'tasks'],
    ['files pulled to below the manifests', { path: 'repository/tasks.d/new', direction: 'PULL' }, 'tasks'],
    ['all of a checkout synced away', { path: 'repository', direction: 'PULL', transferMode: 'SYNC' }, 'tasks'],
    ['manifests moved away', { path: 'manifests', transferMode: 'MOVE' }, 'tasks'],
    ['a push onto the manifests', { path: 'far', root: 'manifests' }, 'tasks'],
    ['tokens sent', { path: 'state/tokens' }, 'state'],
    ['the state sent through a link', { path: 'kept' }, 'state'],
    ['the state pulled over', { path: 'state', direction: 'PULL', transferMode: 'SYNC' }, 'state'],
    ['a push into the state', { path: 'repository', root: 'kept/tokens' }, 'state'],
  ])('are no business of a task: %s', async (_, sides, which) => {
    const { ending, isUntouched } = await run(sides);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringContaining(`the ${which} directory`),
    });
    expect(isUntouched).toBe(true);
  });

  test('are read by nobody who sends what is above the state, unless it leaves that out', async () => {
    await using elsewhere = await temporaryDirectory();
    const above: Sides = { path: '.', root: elsewhere.path, transferMode: 'SYNC' };
    const { ending } = await run(above);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringContaining('leave it out by exclude: ["/state/**"]'),
    });
    expect((await run({ ...above, exclude: ['/state/**'] })).ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringMatching(/^2 symbolic links left out/)],
    });
    expect(Object.keys(await readTree(elsewhere.path))).not.toContain('state/tokens/box');
    expect((await run({ ...above, exclude: ['/state/*.txt'] })).ending).toMatchObject({ outcome: 'Blocked' });
  });

  test.each<[string, Sides, number]>([
    ['samples below the manifests are sent', { path: 'repository/tasks.d/sample/photos', transferMode: 'SYNC' }, 1],
    ['a checkout is sent with its manifests', { path: 'repository' }, 4],
  ])('may lie beside what a task reads: %s', async (_, sides, count) => {
    const { ending, far } = await run(sides);
    expect(ending).toMatchObject({ outcome: 'Succeeded' });
    expect(far).toHaveLength(count);
  });
});
