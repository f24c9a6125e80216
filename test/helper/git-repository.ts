import { execFileSync } from 'node:child_process';

/** Runs Git in a directory, as nobody in particular; gives what it prints. */
export function git(directory: string, ...words: readonly string[]): string {
  const { PATH = '' } = process.env;
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  const environment = { PATH, HOME: directory, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...who, '-c', 'init.defaultBranch=main', ...words], {
    ...{ cwd: directory, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  }).trim();
}

/** Everything as it is now, as one commit; gives its name. */
export function commitAll(directory: string, message = 'a commit'): string {
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(directory, 'rev-parse', 'HEAD');
}
