import { execFile } from 'node:child_process';
import { chmod, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { taskManifest } from '../helper/manifest.ts';
import { addCredential } from '../helper/task.ts';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** What the hook says is on standard error, and ends with 0 when the commit was made. */
async function git(cloudsync: Cloudsync, ...parameters: readonly string[]) {
  const { PATH } = process.env;
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  const options = {
    cwd: cloudsync.directory.path,
    env: { PATH, HOME: cloudsync.directory.path, STATE_DIRECTORY: cloudsync.state },
  };
  return promisify(execFile)('git', [...identity, ...parameters], options).then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({
      ...{ exitCode: error.code, output: error.stdout + error.stderr },
    }),
  );
}

/** Checks the manifests that a commit adds or changes, as tools for hooks call it. */
async function openWithHook(): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  await git(cloudsync, 'init', '-q');
  const files = "git diff --cached --name-only --diff-filter=ACMR -- 'tasks.d/*.yaml'";
  const hook = `#!/bin/sh\n${files} | xargs "${process.execPath}" "${program}" validate\n`;
  await chmod(await cloudsync.directory.write('.git/hooks/pre-commit', hook), 0o755);
  return cloudsync;
}

describe.concurrent('as a hook of Git', () => {
  test('lets a good commit pass and stops a broken one', async () => {
    await using cloudsync = await openWithHook();
    await cloudsync.manifest('photos.yaml', taskManifest('photos'));
    await git(cloudsync, 'add', '-A');
    expect(await git(cloudsync, 'commit', '-m', 'one')).toMatchObject({ exitCode: 0 });

    await cloudsync.manifest('music.yaml', taskManifest('music', { scheduel: 'daily' }));
    await git(cloudsync, 'add', '-A');
    const refused = await git(cloudsync, 'commit', '-m', 'two');
    expect(refused.exitCode).toBe(1);
    expect(refused.output).toContain('tasks.d/music.yaml');
    expect(refused.output).toContain('CS012');
  });

  test.for([
    ['commit', '-a', '-m', 'two'],
    ['commit', '-m', 'two', 'tasks.d/photos.yaml'],
  ])('does not wait for the lock of the Git that waits for it: %j', async (commit) => {
    await using cloudsync = await openWithHook();
    await cloudsync.manifest('photos.yaml', taskManifest('photos'));
    await git(cloudsync, 'add', '-A');
    await git(cloudsync, 'commit', '-m', 'one');
    await cloudsync.manifest('photos.yaml', taskManifest('photos', { transfers: 2 }));

    const { exitCode, output } = await git(cloudsync, ...commit);

    expect(output).toContain('No problems in 1 file');
    expect(exitCode).toBe(0);
  });
});

interface OfferedHook {
  readonly id: string;
  readonly entry: string;
  readonly files?: string;
  readonly exclude?: string;
}

test('the hooks for pre-commit call what is installed, for manifests alone', async () => {
  const file = fileURLToPath(new URL('../../.pre-commit-hooks.yaml', import.meta.url));
  const hooks = parse(await readFile(file, 'utf8')) as readonly OfferedHook[];
  expect(hooks.map(({ id, entry }) => [id, entry])).toEqual([
    ['cloudsync-validate', 'cloudsync validate'],
    ['cloudsync-validate-all', 'cloudsync validate'],
  ]);
  const [{ files = '', exclude = '' } = { files: '', exclude: '' }] = hooks;
  const paths = [
    ...[
      'tasks.d/a.yaml',
      'tasks.d/team/a.yml',
      'infra/tasks.d/a.yaml',
      'tasks.d/.hidden.yaml',
      'tasks.d/a.status.json',
    ],
    ...['tasks.d/README.md', 'other.d/a.yaml', 'mytasks.d/a.yaml', '.github/workflows/ci.yml'],
  ];
  expect(paths.filter((path) => new RegExp(files).test(path) && !new RegExp(exclude).test(path))).toEqual([
    ...['tasks.d/a.yaml', 'tasks.d/team/a.yml', 'infra/tasks.d/a.yaml'],
  ]);
});
