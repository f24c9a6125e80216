import { mkdir, readlink, rename, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { withPasses } from './passes.ts';
import { type TasksDirectory, tasksDirectory } from './tasks-directory.ts';

/** As git-sync does it: each commit lies in a directory of its own, and a link to the newest is replaced at once. */
async function publish(directory: TasksDirectory, commit: string, files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) await directory.write(`.worktrees/${commit}/${path}`, text);
  await symlink(`.worktrees/${commit}`, directory.at('next'));
  await rename(directory.at('next'), directory.at('current'));
}

const credential = `apiVersion: cloudsync/v1
kind: CloudCredential
metadata: { name: here }
spec: { provider: local, options: { root: ../remote } }
`;
const task = `apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata: { name: photos }
spec: { direction: PUSH, path: ../photos, remote: { credential: here, folder: photos } }
`;

test('a commit below the link of git-sync changes nothing in tasks that it leaves alone, relative paths included', async () => {
  await using directory = await tasksDirectory();
  const at = directory.at('current/tasks.d');
  const settings = { ...directory.settings, tasksName: at, tasksDirectory: at };
  const published = { ...directory, settings };
  const [first, second] = ['1'.repeat(40), '2'.repeat(40)];
  await mkdir(directory.at('.worktrees'));
  await publish(directory, first, { 'tasks.d/here.yaml': credential, 'tasks.d/photos.yaml': task });
  await withPasses(published, async ({ engine, pass }) => {
    expect((await pass()).plan.summary).toMatchObject({ create: 1 });
    expect(engine.active().get('photos')?.spec.paths).toEqual([directory.at('current/photos')]);
    await publish(directory, second, {
      'tasks.d/here.yaml': credential,
      'tasks.d/photos.yaml': `# another comment\n${task}`,
    });
    expect(await readlink(directory.at('current'))).toContain(second);
    const { plan, desired } = await pass();
    expect(desired.revision).toBe(second);
    expect(plan.summary).toMatchObject({ unchanged: 1, update: 0 });
  });
  await withPasses(published, async ({ pass }) => {
    expect((await pass()).plan.summary).toMatchObject({ unchanged: 1, update: 0 });
  });
});
