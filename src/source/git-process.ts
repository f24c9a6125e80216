import { execFile } from 'node:child_process';
import { errorCode } from '../model/system-error.ts';

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  /** Its first line. */
  readonly complaint: string;
}

/** `at`: where to, other than in the directory it was made for. */
export type Git = (
  words: readonly string[],
  at?: { readonly folder?: string; readonly input?: string },
) => Promise<GitAnswer>;

/**
 * No shell, and Git itself finds the repository, also where a hook of another one calls. `index` is a file to use in
 * place of the index of the checkout.
 */
export function gitIn(
  directory: string,
  environment: NodeJS.ProcessEnv,
  { index = null }: { readonly index?: string | null } = {},
): Git {
  const clean = cleanOf(environment);
  const env = index === null ? clean : { ...clean, GIT_INDEX_FILE: index };
  return (words, { folder = directory, input = '' } = {}) =>
    new Promise((resolve) => {
      // Names of files are bytes, which go back to Git as they came.
      const options = { cwd: folder, env, maxBuffer: Number.POSITIVE_INFINITY, encoding: 'latin1' } as const;
      const child = execFile('git', words, options, (error, stdout, stderr) => {
        const missing = errorCode(error) === 'ENOENT' ? 'git is not installed' : null;
        const exitCode = error === null ? 0 : 1;
        resolve({ exitCode, stdout, complaint: missing ?? stderr.split('\n')[0] ?? '' });
      });
      // A Git that ends early has said why.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input, 'latin1');
    });
}

/** One line that Git printed, as text. */
export function lineOf({ stdout }: GitAnswer): string {
  return Buffer.from(stdout, 'latin1').toString('utf8').replace(/\n$/, '');
}

function cleanOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(environment).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR)$/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
  };
}
