import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { link, mkdir, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Snapshot, SourceFile, SourceUnavailable } from '../../src/model/snapshot.ts';
import { directoriesOf, recallSnapshot, stampsOf, takeSnapshot } from '../../src/source/snapshot.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { contentOf } from './collector.ts';
import { beforeOpening } from './interception.ts';

const run = promisify(execFile);

async function snapshotOf(directory: string, previous: Snapshot | null = null): Promise<Snapshot> {
  const result = await takeSnapshot({ directory, previous });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function failureOf(directory: string, signal?: AbortSignal): Promise<SourceUnavailable> {
  const input = { directory, previous: null };
  const result = await takeSnapshot(signal === undefined ? input : { ...input, signal });
  if (result.ok) throw new Error('there is a snapshot');
  return result.error;
}

function fileAt(snapshot: Snapshot, path: string): SourceFile {
  const file = snapshot.files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`no ${path} in the snapshot`);
  return file;
}

/** A modification time so long ago that it proves the content. */
async function age(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await utimes(path, new Date(1_000_000), new Date(1_000_000));
}

describe('what is read', () => {
  test('manifests in every folder, sorted, and nothing else', async () => {
    await using directory = await temporaryDirectory();
    for (const name of ['b.yml', 'a.yaml', 'sub/c.yaml', 'sub/deep/d.yaml']) await directory.write(name, name);
    for (const name of [
      'a.status.json',
      'README.md',
      '.hidden.yaml',
      '.cloudsync/x.yaml',
      '.git/y.yaml',
      'a.yaml.tmp',
    ]) {
      await directory.write(name, '');
    }
    await directory.write('lost+found/z.yaml', '');
    const snapshot = await snapshotOf(directory.path);
    expect(snapshot.files.map((file) => file.path)).toEqual(['a.yaml', 'b.yml', 'sub/c.yaml', 'sub/deep/d.yaml']);
    expect(snapshot).toMatchObject({ directory: directory.path, realDirectory: directory.path, allowEmpty: false });
    expect(fileAt(snapshot, 'a.yaml')).toEqual({
      state: 'readable',
      path: 'a.yaml',
      sha256: createHash('sha256').update('a.yaml').digest('hex'),
      text: 'a.yaml',
    });
    expect([...directoriesOf(snapshot).keys()]).toEqual(['', 'sub', 'sub/deep'].map((path) => directory.at(path)));
  });

  test('an empty directory, and one that may be', async () => {
    await using directory = await temporaryDirectory();
    expect(await snapshotOf(directory.path)).toMatchObject({ files: [], allowEmpty: false });
    await directory.write('.allow-empty', '');
    expect(await snapshotOf(directory.path)).toMatchObject({ files: [], allowEmpty: true });
  });

  test('a directory that is named through a link, or relative', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('real/a.yaml', '1');
    await symlink('real', directory.at('link'));
    const snapshot = await snapshotOf(directory.at('link'));
    expect(snapshot).toMatchObject({ directory: directory.at('link'), realDirectory: directory.at('real') });
    expect(contentOf({ ok: true, value: snapshot })).toEqual({ 'a.yaml': '1' });
  });

  test('a byte order mark stays for the parser to see', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('a.yaml', '\ufeffkind: x');
    expect(fileAt(await snapshotOf(directory.path), 'a.yaml')).toMatchObject({ text: '\ufeffkind: x' });
  });

  test('links inside the directory; folders are followed only into what is hidden, and loops end', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('..data/sub/a.yaml', '1');
    await symlink('..data/sub', directory.at('shown'));
    await symlink('../..', directory.at('..data/sub/up'));
    await symlink('../../..data', directory.at('..data/sub/loop'));
    await symlink('.', directory.at('self'));
    await symlink('shown/a.yaml', directory.at('b.yaml'));
    await symlink('/etc', directory.at('outside'));
    const snapshot = await snapshotOf(directory.path);
    expect(contentOf({ ok: true, value: snapshot })).toEqual({
      'b.yaml': '1',
      'shown/a.yaml': '1',
    });
  });
});

describe('what is refused', () => {
  async function refusalOf(directory: TemporaryDirectory, path = 'a.yaml'): Promise<SourceFile> {
    return fileAt(await snapshotOf(directory.path), path);
  }

  test('64 KiB are read, one byte more is not', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('a.yaml', 'x'.repeat(64 * 1024));
    await directory.write('b.yaml', 'x'.repeat(64 * 1024 + 1));
    expect(await refusalOf(directory)).toMatchObject({ state: 'readable' });
    expect(await refusalOf(directory, 'b.yaml')).toMatchObject({
      reason: 'TooLarge',
      detail: '65537 bytes; at most 65536 are read',
    });
  });

  test.each(['/etc/passwd', '../outside.yaml'])('a link out of the directory, to %s', async (target) => {
    await using directory = await temporaryDirectory();
    await directory.write('outside.yaml', 'secret');
    await mkdir(directory.at('tasks'));
    await symlink(target, directory.at('tasks/a.yaml'));
    expect(fileAt(await snapshotOf(directory.at('tasks')), 'a.yaml')).toEqual({
      state: 'refused',
      path: 'a.yaml',
      reason: 'OutsideRoot',
      detail: 'it is a link that leads outside the tasks directory',
    });
  });

  test('a named pipe, without waiting for someone to write to it', async () => {
    await using directory = await temporaryDirectory();
    await run('mkfifo', [directory.at('a.yaml')]);
    await symlink('a.yaml', directory.at('b.yaml'));
    expect(await refusalOf(directory)).toMatchObject({ reason: 'NotRegular', detail: 'it is a named pipe' });
    expect(await refusalOf(directory, 'b.yaml')).toMatchObject({ reason: 'NotRegular', detail: 'it is a named pipe' });
  });

  test('a socket, and a link to a directory', async () => {
    await using directory = await temporaryDirectory();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(directory.at('a.yaml'), resolve));
    await mkdir(directory.at('folder'));
    await symlink('folder', directory.at('b.yaml'));
    expect(await refusalOf(directory)).toMatchObject({ reason: 'NotRegular', detail: 'it is a socket' });
    expect(await refusalOf(directory, 'b.yaml')).toMatchObject({ reason: 'NotRegular', detail: 'it is a directory' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('links that cannot be followed', async () => {
    await using directory = await temporaryDirectory();
    await symlink('nowhere', directory.at('a.yaml'));
    await symlink('b.yaml', directory.at('b.yaml'));
    expect(await refusalOf(directory)).toMatchObject({
      reason: 'Unreadable',
      detail: 'it is a link that cannot be followed: ENOENT: no such file or directory',
    });
    expect(await refusalOf(directory, 'b.yaml')).toMatchObject({
      detail: 'it is a link that cannot be followed: ELOOP: too many symbolic links encountered',
    });
  });

  test('what is not UTF-8, in the content or in the name', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('a.yaml', Uint8Array.of(0x6b, 0xff));
    await writeFile(Buffer.concat([Buffer.from(directory.at('b')), Buffer.of(0xff), Buffer.from('.yaml')]), '');
    expect(await refusalOf(directory)).toMatchObject({
      reason: 'Unreadable',
      detail: 'the content is not valid UTF-8',
    });
    expect(await refusalOf(directory, 'b\ufffd.yaml')).toMatchObject({
      detail: 'the name of the file is not valid UTF-8',
    });
  });
});

describe('no snapshot', () => {
  test('a directory that is missing, or none', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('file', '');
    await symlink('loop', directory.at('loop'));
    expect(await failureOf(directory.at('missing'))).toEqual({
      reason: 'Missing',
      message: `The tasks directory ${directory.at('missing')} does not exist.`,
    });
    expect(await failureOf(directory.at('file'))).toMatchObject({ reason: 'Unreadable' });
    expect(await failureOf(directory.at('file/tasks'))).toMatchObject({ reason: 'Unreadable' });
    const loop = await failureOf(directory.at('loop'));
    expect(loop.message).toContain('ELOOP: too many symbolic links encountered');
  });

  test('a folder in it that cannot be listed is named: its manifests must not look removed', async () => {
    await using directory = await temporaryDirectory();
    // Deeper than the longest path that the kernel takes, which stops even root. Made of two halves that are not.
    const half = Array.from({ length: 9 }, () => 'd'.repeat(250));
    await directory.write('a.yaml', '1');
    await mkdir(directory.at('upper', ...half), { recursive: true });
    await mkdir(directory.at('.lower', ...half), { recursive: true });
    await rename(directory.at('.lower'), directory.at('upper', ...half, 'lower'));
    const { files, unread } = await snapshotOf(directory.path);
    expect(files).toMatchObject([{ path: 'a.yaml' }]);
    expect(unread).toMatchObject([{ reason: 'Unreadable', detail: 'ENAMETOOLONG: name too long' }]);
    await rename(directory.at('upper', ...half, 'lower'), directory.at('.lower'));
  });

  test('a folder whose name is not UTF-8', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(Buffer.concat([Buffer.from(directory.at('d')), Buffer.of(0xff)]));
    expect((await snapshotOf(directory.path)).unread).toEqual([
      { path: 'd\ufffd', reason: 'Unreadable', detail: 'its name is not valid UTF-8' },
    ]);
  });

  test('a lock that is as old as this is left over, and nobody waits for it', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('.git/HEAD', 'ref: refs/heads/main\n');
    const lock = await directory.write('.git/index.lock', '');
    await age(lock);
    const failure = await failureOf(directory.path);
    expect(failure.reason).toBe('Locked');
    expect(failure.message).toContain(lock);
  });

  test('the lock of a Git that has started us and waits for us is no reason to wait', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('.git/HEAD', 'ref: refs/heads/main\n');
    await directory.write('.git/index.lock', '');
    await directory.write('tasks/a.yaml', '1');
    const taken = await takeSnapshot({ directory: directory.at('tasks'), previous: null, startedByGit: true });
    expect(contentOf(taken)).toEqual({ 'a.yaml': '1' });
  });

  test('a lock is waited for, until it goes or nobody cares any more', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('.git/HEAD', 'ref: refs/heads/main\n');
    await directory.write('tasks/a.yaml', '1');
    const lock = await directory.write('.git/index.lock', '');
    const waiting = takeSnapshot({ directory: directory.at('tasks'), previous: null });
    await directory.write('tasks/a.yaml', '2');
    await unlink(lock);
    expect(contentOf(await waiting)).toEqual({ 'a.yaml': '2' });

    await writeFile(lock, '');
    expect(await failureOf(directory.at('tasks'), AbortSignal.abort())).toMatchObject({ reason: 'Locked' });
  });
});

describe('the previous snapshot', () => {
  test('is given again when nothing changed', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('a.yaml', '1');
    await symlink('/etc/passwd', directory.at('b.yaml'));
    const first = await snapshotOf(directory.path);
    await directory.write('a.status.json', '{}');
    expect(await snapshotOf(directory.path, first)).toBe(first);
    await age(directory.at('a.yaml'));
    expect(await snapshotOf(directory.path, first)).toBe(first);
    expect(await snapshotOf(directory.path, first)).toBe(first);
  });

  test('lends the files that did not change', async () => {
    await using directory = await temporaryDirectory();
    await age(await directory.write('a.yaml', '1'), await directory.write('b.yaml', 'b'));
    const first = await snapshotOf(directory.path);
    await directory.write('a.yaml', '2');
    const second = await snapshotOf(directory.path, first);
    expect(fileAt(second, 'a.yaml')).toMatchObject({ text: '2' });
    expect(fileAt(second, 'b.yaml')).toBe(fileAt(first, 'b.yaml'));
  });

  test('does not hide a change of what was refused', async () => {
    await using directory = await temporaryDirectory();
    await age(await directory.write('a.yaml', 'x'.repeat(70_000)));
    const first = await snapshotOf(directory.path);
    await age(await directory.write('a.yaml', 'x'.repeat(80_000)));
    const second = await snapshotOf(directory.path, first);
    expect(fileAt(second, 'a.yaml')).toMatchObject({ detail: '80000 bytes; at most 65536 are read' });
    await rm(directory.at('a.yaml'));
    expect((await snapshotOf(directory.path, second)).files).toEqual([]);
  });

  test('of another directory is of no use, and does no harm', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('one/a.yaml', '1');
    await directory.write('two/a.yaml', '2');
    const first = await snapshotOf(directory.at('one'));
    expect(contentOf({ ok: true, value: await snapshotOf(directory.at('two'), first) })).toEqual({ 'a.yaml': '2' });
  });
});

describe('what was known when another process ended', () => {
  test('is not read again where it is the same', async () => {
    await using directory = await temporaryDirectory();
    for (const name of ['a.yaml', 'b.yaml', 'c.yaml']) await directory.write(name, name);
    await age(directory.at('a.yaml'), directory.at('b.yaml'));
    const before = await snapshotOf(directory.path);
    const stamps = stampsOf(before);
    expect([...stamps.keys()]).toEqual(['a.yaml', 'b.yaml']);
    const known = before.files.map(({ path }) => {
      const sha256 = createHash('sha256').update(path).digest('hex');
      return { path, sha256, stamp: stamps.get(path) ?? null };
    });
    await directory.write('b.yaml', 'changed');
    await age(directory.at('b.yaml'));

    const recalled = recallSnapshot(before, known);
    const after = await snapshotOf(directory.path, recalled);
    expect(fileAt(after, 'a.yaml')).toEqual({ state: 'recalled', path: 'a.yaml', sha256: known[0]?.sha256 });
    expect(fileAt(after, 'b.yaml')).toMatchObject({ state: 'readable', text: 'changed' });
    // Read, as nothing proves what it says, and found to be what it was.
    expect(fileAt(after, 'c.yaml')).toBe(fileAt(recalled, 'c.yaml'));
    expect(await snapshotOf(directory.path, after)).toBe(after);
  });

  test('does not count in another directory', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('one/a.yaml', '1');
    await age(directory.at('one/a.yaml'));
    const one = await snapshotOf(directory.at('one'));
    const recalled = recallSnapshot(one, [{ path: 'a.yaml', sha256: '', stamp: stampsOf(one).get('a.yaml') ?? '' }]);
    await rename(directory.at('one'), directory.at('two'));
    expect(fileAt(await snapshotOf(directory.at('two'), recalled), 'a.yaml')).toMatchObject({ text: '1' });
  });
});

describe('while it changes', () => {
  test('a Git that comes and goes while the files are read', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('.git/HEAD', 'ref: refs/heads/main\n');
    await directory.write('.git/index', '');
    for (const name of ['a', 'm', 'z']) await directory.write(`${name}.yaml`, 'before');
    using _ = beforeOpening(directory.at('m.yaml'), () => {
      writeFileSync(directory.at('.git/index.lock'), 'after');
      for (const name of ['a', 'z']) writeFileSync(directory.at(`${name}.yaml`), 'after');
      renameSync(directory.at('.git/index.lock'), directory.at('.git/index'));
    });
    const snapshot = await snapshotOf(directory.path);
    expect(contentOf({ ok: true, value: snapshot })).toEqual({
      'a.yaml': 'after',
      'm.yaml': 'before',
      'z.yaml': 'after',
    });
  });

  test('a `.git` that is made, and one that leads elsewhere, while the files are read', async () => {
    await using directory = await temporaryDirectory();
    for (const name of ['a', 'm', 'z']) await directory.write(`tasks/${name}.yaml`, 'before');
    const checkOut = (text: string, gitDirectory: string) => () => {
      mkdirSync(directory.at('tasks', gitDirectory), { recursive: true });
      if (gitDirectory !== '.git') writeFileSync(directory.at('tasks/.git'), `gitdir: ${gitDirectory}`);
      for (const name of ['a', 'z']) writeFileSync(directory.at(`tasks/${name}.yaml`), text);
    };
    using _made = beforeOpening(directory.at('tasks/m.yaml'), checkOut('made', '.git'));
    const made = { 'a.yaml': 'made', 'm.yaml': 'before', 'z.yaml': 'made' };
    expect(contentOf({ ok: true, value: await snapshotOf(directory.at('tasks')) })).toEqual(made);

    rmSync(directory.at('tasks/.git'), { recursive: true });
    await directory.write('tasks/.git', 'gitdir: .one');
    using _swapped = beforeOpening(directory.at('tasks/m.yaml'), checkOut('swapped', '.two'));
    const swapped = { 'a.yaml': 'swapped', 'm.yaml': 'before', 'z.yaml': 'swapped' };
    expect(contentOf({ ok: true, value: await snapshotOf(directory.at('tasks')) })).toEqual(swapped);
  });

  test('a commit that moves the branch while the files are read', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('.git/HEAD', `${'a'.repeat(40)}\n`);
    await directory.write('a.yaml', '');
    using _ = beforeOpening(directory.at('a.yaml'), () => writeFileSync(directory.at('.git/HEAD'), 'b'.repeat(40)));
    expect((await snapshotOf(directory.path)).revision).toBe('b'.repeat(40));
  });

  test('a directory that is replaced while its files are read', async () => {
    await using directory = await temporaryDirectory();
    for (const version of ['tasks', 'next']) {
      for (const name of ['a', 'z']) await directory.write(`${version}/${name}.yaml`, version);
    }
    // The one file that is read at that moment is the same in both, so it gives nothing away.
    await link(await directory.write('tasks/m.yaml', ''), directory.at('next/m.yaml'));
    using _ = beforeOpening(directory.at('tasks/m.yaml'), () => {
      renameSync(directory.at('tasks'), directory.at('old'));
      renameSync(directory.at('next'), directory.at('tasks'));
    });
    const snapshot = await snapshotOf(directory.at('tasks'));
    expect(contentOf({ ok: true, value: snapshot })).toEqual({ 'a.yaml': 'next', 'm.yaml': '', 'z.yaml': 'next' });
  });

  test('a file that is replaced, and one that grows, between looking and reading', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('a.yaml', 'before');
    await directory.write('new', 'after');
    using _ = beforeOpening(directory.at('a.yaml'), () => renameSync(directory.at('new'), directory.at('a.yaml')));
    expect(fileAt(await snapshotOf(directory.path), 'a.yaml')).toMatchObject({ text: 'after' });
    using _more = beforeOpening(directory.at('a.yaml'), () => appendFileSync(directory.at('a.yaml'), ' more'));
    expect(fileAt(await snapshotOf(directory.path), 'a.yaml')).toMatchObject({ text: 'after more' });
  });

  test('a file that becomes a link out of the directory between looking and reading is not followed', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('a.yaml', 'before');
    using _ = beforeOpening(directory.at('a.yaml'), () => {
      rmSync(directory.at('a.yaml'));
      symlinkSync('/etc/passwd', directory.at('a.yaml'));
    });
    expect(fileAt(await snapshotOf(directory.path), 'a.yaml')).toMatchObject({ reason: 'OutsideRoot' });
  });

  test('a directory that never rests gives no snapshot', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('.git/HEAD', `${'a'.repeat(40)}\n`);
    await directory.write('a.yaml', '');
    let count = 0;
    const churn = () => {
      count += 1;
      writeFileSync(directory.at('.git/HEAD'), `${count}`.padStart(40, '0'));
    };
    using _ = beforeOpening(directory.at('a.yaml'), churn, 'always');
    expect(await failureOf(directory.path)).toEqual({
      reason: 'Unstable',
      message: `The tasks directory ${directory.path} kept changing while it was read. It is read again soon.`,
    });
    expect(count).toBeGreaterThan(3);
  });

  test('a directory that is swapped all the time is read as one or the other', async () => {
    await using directory = await temporaryDirectory();
    for (const version of ['one', 'two']) {
      for (let index = 0; index < 300; index += 1) await directory.write(`${version}/t${index}.yaml`, version);
    }
    await rename(directory.at('one'), directory.at('tasks'));
    let swapping = true;
    const swaps = (async () => {
      for (let inPlace = 'one', aside = 'two'; swapping; [inPlace, aside] = [aside, inPlace]) {
        await rename(directory.at('tasks'), directory.at(inPlace));
        await rename(directory.at(aside), directory.at('tasks'));
      }
    })();
    for (let reading = 0; reading < 10; reading += 1) {
      const result = await takeSnapshot({ directory: directory.at('tasks'), previous: null });
      if (result.ok) expect(new Set(Object.values(contentOf(result) ?? {})).size).toBe(1);
      else expect(['Missing', 'Unstable']).toContain(result.error.reason);
    }
    swapping = false;
    await swaps;
    expect((await snapshotOf(directory.at('tasks'))).files).toHaveLength(300);
  });

  test('a checkout of 1,000 files is never seen half', async () => {
    await using directory = await temporaryDirectory();
    const git = (...parts: string[]) =>
      run('git', ['-C', directory.path, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parts]);
    await git('init', '-q', '-b', 'main');
    const revisions: string[] = [];
    for (const version of ['one', 'two']) {
      for (let index = 0; index < 1000; index += 1) await directory.write(`tasks/t${index}.yaml`, version);
      await git('add', '.');
      await git('commit', '-q', '-m', version);
      revisions.push((await git('rev-parse', 'HEAD')).stdout.trim());
    }
    let previous: Snapshot | null = null;
    let readings = 0;
    for (const version of [0, 1]) {
      let running = true;
      const checkout = git('checkout', '-q', revisions[version] ?? '').finally(() => {
        running = false;
      });
      do {
        const result = await takeSnapshot({ directory: directory.at('tasks'), previous });
        if (!result.ok) continue;
        previous = result.value;
        readings += 1;
        expect(result.value.files).toHaveLength(1000);
        const [generation, ...others] = new Set(Object.values(contentOf(result) ?? {}));
        expect(others).toEqual([]);
        expect(result.value.revision).toBe(revisions[generation === 'one' ? 0 : 1]);
      } while (running);
      await checkout;
    }
    expect(readings).toBeGreaterThan(1);
  }, 30_000);
});
