import { execFile } from 'node:child_process';
import { chmod, mkdir, readlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeTree } from '../helper/file-tree.ts';
import { commitAll, git } from '../helper/git-repository.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { follow, manifests, pointLink } from './source/followed.ts';

const hook = fileURLToPath(new URL('../../deploy/git-sync-validate.sh', import.meta.url));
const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Hooked {
  readonly exitCode: number;
  readonly stderr: string;
}

/** The hook as git-sync starts it: without arguments, in the new checkout. */
async function startHook(directory: TemporaryDirectory, checkout: string, environment: object = {}): Promise<Hooked> {
  const { PATH } = process.env;
  const cloudsync = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
  await chmod(await directory.write('bin/cloudsync', cloudsync), 0o755);
  const env = {
    PATH: `${directory.at('bin')}:${PATH}`,
    HOME: directory.path,
    STATE_DIRECTORY: directory.at('state'),
    ...environment,
  };
  return promisify(execFile)(hook, [], { cwd: checkout, env }).then(
    ({ stderr }) => ({ exitCode: 0, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => {
      return { exitCode: code, stderr: stdout + stderr };
    },
  );
}

/** Checks a commit out beside what is published, runs the hook there, and publishes what it lets pass. */
async function sync(directory: TemporaryDirectory): Promise<Hooked> {
  const root = directory.at('root');
  git(root, 'fetch', '--quiet', directory.at('repository'), 'main');
  const commit = git(root, 'rev-parse', 'FETCH_HEAD');
  const worktree = `.worktrees/${commit}`;
  git(root, 'worktree', 'add', '--quiet', '--detach', worktree, commit);
  const hooked = await startHook(directory, directory.at('root', worktree), { GITSYNC_HASH: commit });
  if (hooked.exitCode === 0) await pointLink(directory.at('root/current'), worktree);
  return hooked;
}

async function push(directory: TemporaryDirectory, files: Readonly<Record<string, string>>): Promise<string> {
  await writeTree(directory.at('repository/tasks.d'), files);
  return commitAll(directory.at('repository'));
}

test('a broken commit is not published by git-sync, and the daemon goes on with the last good one', async () => {
  await using followed = await follow({
    async layout(directory) {
      for (const name of ['root', 'repository']) {
        await mkdir(directory.at(name));
        git(directory.at(name), 'init', '--quiet');
      }
      await push(directory, manifests({ photos: '0' }));
      expect(await sync(directory)).toMatchObject({ exitCode: 0 });
      return directory.at('root/current/tasks.d');
    },
  });
  const { directory } = followed;
  await followed.converged({ photos: '0' });
  const published = () => readlink(directory.at('root/current'));
  const before = await published();

  await push(directory, { 'here.yaml': 'kind: Nothing\n' });
  const refused = await sync(directory);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('tasks.d/here.yaml');
  expect(await published()).toBe(before);

  const mended = await push(directory, manifests({ photos: '1' }));
  expect(await sync(directory)).toMatchObject({ exitCode: 0 });
  expect(await published()).toBe(`.worktrees/${mended}`);
  await followed.converged({ photos: '1' });
});

test('the gate looks at the new checkout, wherever in it the manifests are', async () => {
  await using directory = await temporaryDirectory();
  await writeTree(directory.at('deploy/tasks'), manifests({ photos: '0' }));
  expect(await startHook(directory, directory.path, { CLOUDSYNC_TASKS: 'deploy/tasks' })).toMatchObject({
    exitCode: 0,
  });
  expect(await startHook(directory, directory.path)).toMatchObject({ exitCode: 1 });
  const absolute = { CLOUDSYNC_TASKS: directory.at('deploy/tasks') };
  expect(await startHook(directory, directory.path, absolute)).toMatchObject({
    ...{ exitCode: 64, stderr: expect.stringContaining('must be relative') },
  });
});
