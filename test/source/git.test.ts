import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { checkoutRoot, findCheckout, indexKey, readRevision, waitForLock } from '../../src/source/git.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const run = promisify(execFile);
const commit = 'c0ffee'.padEnd(40, '0');

async function git(directory: string, ...parts: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'protocol.file.allow=always'];
  return (await run('git', ['-C', directory, ...identity, ...parts])).stdout.trim();
}

async function revisionOf(directory: string, links: readonly string[] = []): Promise<string | null> {
  return readRevision(links, await findCheckout(directory));
}

describe('the revision', () => {
  test('of a branch, loose and packed, of a detached head, a worktree and a submodule', async () => {
    await using directory = await temporaryDirectory();
    const main = directory.at('main');
    await directory.write('main/tasks/a.yaml', '');
    await git(directory.path, 'init', '-q', '-b', 'main', 'main');
    await git(main, 'add', '.');
    await git(main, 'commit', '-q', '-m', 'one');
    const head = await git(main, 'rev-parse', 'HEAD');
    expect(await revisionOf(directory.at('main/tasks'))).toBe(head);
    await git(main, 'pack-refs', '--all');
    expect(await revisionOf(directory.at('main/tasks'))).toBe(head);

    await git(main, 'worktree', 'add', '-q', '-b', 'other', directory.at('worktree'));
    expect(await revisionOf(directory.at('worktree/tasks'))).toBe(head);
    expect(await findCheckout(directory.at('worktree/tasks'))).toEqual({
      gitDirectory: directory.at('main/.git/worktrees/worktree'),
      commonDirectory: directory.at('main/.git'),
    });

    expect(await checkoutRoot(directory.at('main/tasks'))).toBe(main);
    expect(await checkoutRoot(directory.at('worktree/tasks'))).toBe(directory.at('worktree'));
    expect(await checkoutRoot(directory.path)).toBeNull();

    await git(directory.path, 'init', '-q', '-b', 'main', 'outer');
    await git(directory.at('outer'), 'submodule', '--quiet', 'add', main, 'inner');
    expect(await revisionOf(directory.at('outer/inner/tasks'))).toBe(head);
    expect(await revisionOf(directory.at('outer'))).toBeNull();

    await git(main, 'checkout', '-q', '--detach');
    expect(await revisionOf(main)).toBe(head);
  });

  test('is the name of the worktree that git-sync links to', async () => {
    expect(await readRevision(['elsewhere', `.worktrees/${commit}`], null)).toBe(commit);
    expect(await readRevision(['current'], null)).toBeNull();
  });

  test.each([
    ['no .git at all', {}],
    ['a head that says nothing', { '.git/HEAD': 'hello' }],
    ['a reference out of the repository', { '.git/HEAD': 'ref: refs/../../secret', secret: commit }],
    ['a branch without a commit', { '.git/HEAD': 'ref: refs/heads/main', '.git/packed-refs': '# pack-refs\n' }],
    [
      'a packed reference that is torn',
      { '.git/HEAD': 'ref: refs/heads/main', '.git/packed-refs': 'c0f refs/heads/main' },
    ],
    ['a .git file that says nothing', { '.git': 'hello' }],
    ['a .git file that leads nowhere', { '.git': 'gitdir: ../gone\n' }],
  ])('is not known with %s', async (_name, files: Readonly<Record<string, string>>) => {
    await using directory = await temporaryDirectory();
    await directory.write('tasks/a.yaml', '');
    for (const [path, text] of Object.entries(files)) await directory.write(path, text);
    expect(await revisionOf(directory.at('tasks'))).toBeNull();
  });
});

describe('a running Git', () => {
  test('shows in the key of the index', async () => {
    await using directory = await temporaryDirectory();
    const checkout = { gitDirectory: directory.path, commonDirectory: directory.path };
    const none = await indexKey(checkout);
    await directory.write('index', '1');
    const before = await indexKey(checkout);
    expect(before).not.toBe(none);
    const lock = await directory.write('index.lock', '2');
    expect(await indexKey(checkout)).toBeNull();
    await rm(lock);
    expect(await indexKey(checkout)).toBe(before);
    await writeFile(directory.at('index'), '22');
    expect(await indexKey(checkout)).not.toBe(before);
  });

  test('is waited for only if it is there', async () => {
    await using directory = await temporaryDirectory();
    const checkout = { gitDirectory: directory.path, commonDirectory: directory.path };
    expect(await waitForLock(checkout, undefined)).toBeNull();
  });
});
