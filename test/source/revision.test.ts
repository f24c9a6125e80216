import { symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { snapshotOfRevision } from '../../src/source/revision.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import { treeOf } from '../daemon/tree.ts';
import { commitAll, git } from '../helper/git-repository.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

const { PATH = '' } = process.env;

/** A repository with its tasks in a folder of it. */
async function repository(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  git(directory.path, 'init', '--quiet');
  await directory.write('infra/tasks.d/photos.yaml', 'one');
  return directory;
}

function read(directory: TemporaryDirectory, reference: string, folder = 'infra/tasks.d', environment = {}) {
  const place = directory.at(folder);
  const snapshot = { directory: 'tasks.d', baseDirectory: place, realDirectory: place };
  return snapshotOfRevision({ reference, snapshot, environment: { PATH, HOME: directory.path, ...environment } });
}

function refusal(read: Awaited<ReturnType<typeof snapshotOfRevision>>): string {
  return read.ok ? 'taken' : read.error;
}

describe('the tasks directory of a revision', () => {
  test('is what a checkout of it would be, and the checkout stays as it is', async () => {
    await using directory = await repository();
    await directory.write('infra/tasks.d/media/música.yml', 'two');
    await directory.write('infra/tasks.d/.hidden/no.yaml', 'no');
    await directory.write('infra/tasks.d/notes.txt', 'no');
    await directory.write('infra/tasks.d/.allow-empty', '');
    await directory.write('infra/tasks.d/crlf.yaml', 'a\nb\n');
    await directory.write('.gitattributes', 'crlf.yaml text eol=crlf\n');
    await symlink('media/música.yml', directory.at('infra/tasks.d/link.yaml'));
    await symlink('../elsewhere.yaml', directory.at('infra/tasks.d/outside.yaml'));
    await directory.write('infra/elsewhere.yaml', 'no');
    const revision = commitAll(directory.path);
    git(directory.path, 'rm', '--quiet', '--cached', 'infra/tasks.d/crlf.yaml');
    git(directory.path, 'reset', '--quiet', '--hard');
    const there = await takeSnapshot({ directory: directory.at('infra/tasks.d'), previous: null });
    await directory.write('infra/tasks.d/photos.yaml', 'changed since');
    const before = await treeOf(directory.path);

    const base = await read(directory, 'HEAD');

    if (!there.ok || !base.ok) throw new Error('no snapshot');
    const contents = ({ files }: Snapshot) => files.map((file) => ('text' in file ? file : file.path));
    expect(contents(base.value)).toEqual(contents(there.value));
    expect(base.value.files.map(({ path, state }) => `${path} ${state}`)).toEqual([
      ...['crlf.yaml readable', 'link.yaml readable', 'media/música.yml readable'],
      ...['outside.yaml refused', 'photos.yaml readable'],
    ]);
    expect(base.value).toMatchObject({ directory: 'tasks.d', realDirectory: directory.at('infra/tasks.d') });
    expect(base.value).toMatchObject({ revision, allowEmpty: true });
    expect(await treeOf(directory.path)).toEqual(before);
  });

  test('is found by branch, tag and commit, also when it is the root, or when a hook of another repository calls', async () => {
    await using directory = await repository();
    await directory.write('root.yaml', 'root');
    const first = commitAll(directory.path);
    git(directory.path, 'tag', 'v1');
    await directory.write('root.yaml', 'changed');
    commitAll(directory.path);

    for (const reference of [first, first.slice(0, 10), 'v1', 'HEAD~1', 'main~1']) {
      expect(
        await read(directory, reference, '', { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index' }),
      ).toMatchObject({
        value: { revision: first, files: [{ path: 'infra/tasks.d/photos.yaml' }, { path: 'root.yaml', text: 'root' }] },
      });
    }
  });

  test('that did not exist is empty', async () => {
    await using directory = await repository();
    git(directory.path, 'commit', '--quiet', '--allow-empty', '--message', 'nothing');
    expect(await read(directory, 'HEAD')).toMatchObject({ ok: true, value: { files: [], allowEmpty: false } });
  });
});

describe('what cannot be compared with is told', () => {
  test('a directory outside of any repository', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('tasks.d/photos.yaml', 'one');
    expect(refusal(await read(directory, 'HEAD', 'tasks.d'))).toBe(
      '--base compares with a Git revision, and tasks.d is in no Git repository.',
    );
  });

  test('no Git', async () => {
    await using directory = await repository();
    expect(refusal(await read(directory, 'HEAD', 'infra/tasks.d', { PATH: '/nowhere' }))).toContain(
      'git is not installed',
    );
  });

  test('a revision that is not there, and how to get it', async () => {
    await using directory = await repository();
    commitAll(directory.path);
    expect(refusal(await read(directory, 'upstream/release/1.0'))).toBe(
      'There is no commit upstream/release/1.0 in this clone. Fetch it first, as with: git fetch upstream release/1.0',
    );
    expect(refusal(await read(directory, 'HEAD~1'))).toContain('git fetch origin main');
  });

  test('a clone that is shallow', async () => {
    await using directory = await repository();
    commitAll(directory.path);
    await directory.write('infra/tasks.d/photos.yaml', 'two');
    commitAll(directory.path);
    git(directory.path, 'clone', '--quiet', '--depth', '1', `file://${directory.path}`, 'clone');
    expect(refusal(await read(directory, 'HEAD~1', 'clone/infra/tasks.d'))).toContain(
      'in this clone, which is shallow',
    );
  });

  test.each(['--upload-pack=touch pwned', '-h', '--help', '', 'HEAD:infra', 'a..b', '^HEAD', '@{-1}'])(
    '%j is no revision, and never an option',
    async (reference) => {
      await using directory = await repository();
      commitAll(directory.path);
      const before = await treeOf(directory.path);
      expect(refusal(await read(directory, reference))).toMatch(/^There is no commit/);
      expect(await treeOf(directory.path)).toEqual(before);
    },
  );
});
