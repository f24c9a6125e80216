import { existsSync } from 'node:fs';
import { chmod, rm, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isTrackedByGit } from '../../src/source/tracked.ts';
import { commitAll, git } from '../helper/git-repository.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

test('a path is tracked where Git has a file at it or below, whatever is on the disk', async () => {
  await using directory = await temporaryDirectory();
  const isTracked = (path: string) => isTrackedByGit(directory.at(path), process.env);
  await directory.write('repository/state/active.ndjson', '');
  await directory.write('repository/:odd*/a', '');
  expect(await isTracked('repository/state')).toBe(false);
  git(directory.at('repository'), 'init', '--quiet');
  expect(await isTracked('repository/state')).toBe(false);
  commitAll(directory.at('repository'));
  await directory.write('repository/ignored/a', '');
  await symlink('repository', directory.at('link'));

  for (const path of ['repository/state', 'link/state', 'repository/:odd*']) expect(await isTracked(path)).toBe(true);
  for (const path of ['repository/ignored', 'repository/s*', 'repository/:other*', 'elsewhere/state']) {
    expect(await isTracked(path)).toBe(false);
  }
  await rm(directory.at('repository/state'), { recursive: true });
  expect(await isTracked('repository/state')).toBe(true);
});

test('no program is started that a repository names', async () => {
  await using directory = await temporaryDirectory();
  await directory.write('state/active.ndjson', '');
  const program = await directory.write('program', `#!/bin/sh\ntouch ${directory.at('started')}\n`);
  await chmod(program, 0o755);
  git(directory.path, 'init', '--quiet');
  commitAll(directory.path);
  git(directory.path, 'config', 'core.fsmonitor', program);

  expect(await isTrackedByGit(directory.at('state'), process.env)).toBe(true);
  expect(existsSync(directory.at('started'))).toBe(false);
  git(directory.path, 'status');
  expect(existsSync(directory.at('started'))).toBe(true);
});
