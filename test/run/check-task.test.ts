import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { type CheckAbout, checkTask } from '../../src/run/check-task.ts';
import { taskSpec } from '../helper/build.ts';
import { writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { localTask } from './local-task.ts';
import { rclones, realRun, realTools } from './real-run.ts';
import { shellRclone } from './shell-rclone.ts';

const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };
const about: CheckAbout = { runId: 'check-1', download: false, sample: null, run: null, lastSuccessAt: null };
const environment = { ...process.env, CRYPT: 'a long password' };

async function withSides(
  directory: TemporaryDirectory,
  source: Readonly<Record<string, string>>,
  destination: Readonly<Record<string, string>>,
  part: Partial<TaskSpec> = {},
): Promise<ResolvedTask> {
  const task = await localTask(directory, 'photos', part);
  await writeTree(directory.at('source'), source);
  await writeTree(directory.at('remote/photos'), destination);
  return task;
}

function check(directory: TemporaryDirectory, task: ResolvedTask, binary?: string) {
  return checkTask(task, about, realTools(directory, { environment }, binary));
}

describe.each(rclones)('a check by %s', { timeout: 60_000 }, (binary) => {
  test('counts and names what is not equal', async () => {
    await using directory = await temporaryDirectory();
    const source = { same: 'same', changed: 'one', missing: 'm', 'sub/longer': 'longer' };
    const destination = { same: 'same', changed: 'two', extra: 'e', 'sub/longer': 'long' };
    const task = await withSides(directory, source, destination, { transferMode: 'SYNC' });

    const found = await check(directory, task, binary);

    expect(found).toMatchObject({
      ...{ verdict: 'Different', method: 'hash' },
      counts: { equal: 1, differing: 2, missing: 1, extra: 1, errors: 0 },
      message: '1 equal by hash, 2 differing, 1 missing and 1 extra at the destination',
    });
    expect(found.files.toSorted((left, right) => (left.path < right.path ? -1 : 1))).toEqual([
      { found: 'differing', path: 'changed' },
      { found: 'extra', path: 'extra' },
      { found: 'missing', path: 'missing' },
      { found: 'differing', path: 'sub/longer' },
    ]);
  });

  test('leaves what is extra to a COPY, and takes nothing of it for a SYNC', async () => {
    await using directory = await temporaryDirectory();
    const copy = await withSides(directory, { a: 'a' }, { a: 'a', b: 'b' });
    expect(await check(directory, copy, binary)).toMatchObject({ verdict: 'Equal', counts: { equal: 1, extra: 1 } });
    const sync = { ...copy, spec: { ...copy.spec, transferMode: 'SYNC' as const } };
    expect(await check(directory, sync, binary)).toMatchObject({ verdict: 'Different', counts: { extra: 1 } });
  });

  test('of a PULL sees the remote as the source', async () => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { mine: 'm' }, { theirs: 't' }, { direction: 'PULL' });
    expect(
      (await check(directory, task, binary)).files.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    ).toEqual([
      { found: 'extra', path: 'mine' },
      { found: 'missing', path: 'theirs' },
    ]);
  });

  test.each(['PUSH', 'PULL'] as const)('compares what is encrypted by its hashes: %s', async (direction) => {
    await using directory = await temporaryDirectory();
    const push = await withSides(directory, { a: 'one', b: 'two', c: 'three' }, {}, { encryption });
    await realRun(push, realTools(directory, { environment }, binary));
    await writeTree(directory.at('source'), { a: 'ONE', d: 'here only' });
    const task = { ...push, spec: { ...push.spec, direction } };

    const found = await check(directory, task, binary);

    const here = direction === 'PUSH' ? { missing: 1, extra: 0 } : { missing: 0, extra: 1 };
    expect(found).toMatchObject({ verdict: 'Different', method: 'hash', counts: { equal: 2, differing: 1, ...here } });
    expect(found.files).toContainEqual({ found: 'differing', path: 'a' });
    expect(found.files).toContainEqual({ found: direction === 'PUSH' ? 'missing' : 'extra', path: 'd' });
  });

  test('that cannot list the destination does not call it empty', async () => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { a: 'a' }, {}, { remote: { ...taskSpec().remote, folder: 'photos/a' } });
    await writeTree(directory.at('remote/photos'), { a: 'a file in the place of a folder' });
    expect(await check(directory, task, binary)).toMatchObject({ verdict: 'Failed' });
  });
});

describe('a check', { timeout: 60_000 }, () => {
  test('keeps to the filters, and passes by what runs have set aside', async () => {
    await using directory = await temporaryDirectory();
    const safety = { ...taskSpec().safety, backupFolder: '.trash' };
    const part = { transferMode: 'SYNC', exclude: ['*.tmp'], safety } as const;
    const destination = { 'a.txt': 'a', 'y.tmp': 'y', '.trash/photos-1/a.txt': 'old' };
    const task = await withSides(directory, { 'a.txt': 'a', 'x.tmp': 'x' }, destination, part);
    expect(await check(directory, task)).toMatchObject({ verdict: 'Equal', counts: { equal: 1, extra: 0 } });
  });

  test('of a source that is empty or gone is no success', async () => {
    await using directory = await temporaryDirectory();
    const empty = await withSides(directory, {}, { a: 'a' });
    expect(await check(directory, empty)).toMatchObject({
      ...{ verdict: 'Different', message: expect.stringContaining('the source holds no file to compare') },
    });
    const gone = { ...empty, spec: { ...empty.spec, paths: [directory.at('gone')] } };
    expect(await check(directory, gone)).toMatchObject({
      verdict: 'Failed',
      message: expect.stringContaining('gone does not exist'),
    });
  });

  test('with another password, of a MOVE, or without rclone says why it cannot tell', async () => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { a: 'one', b: 'two', c: 'three' }, {}, { encryption });
    await realRun(task, realTools(directory, { environment }));
    const other = realTools(directory, { environment: { ...environment, CRYPT: 'another' } });
    expect(await checkTask(task, about, other)).toMatchObject({
      verdict: 'Failed',
      message: expect.stringContaining('decrypted'),
    });

    const move = { ...task, spec: { ...task.spec, transferMode: 'MOVE' as const } };
    expect(await check(directory, move)).toMatchObject({ verdict: 'Failed', message: expect.stringContaining('MOVE') });
    const none = realTools(directory, { inspectBinary: async () => ({ ok: false, error: 'rclone was not found' }) });
    expect(await checkTask(task, about, none)).toMatchObject({
      verdict: 'Failed',
      message: 'rclone was not found',
    });
  });

  test('compares sizes where the remote below an encryption keeps no hashes, and reads files when asked to', async () => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { a: 'a' }, {}, { encryption });
    const binary = await shellRclone(directory, {
      lsf: ':',
      cryptcheck: 'echo "Failed to cryptcheck: remote: does not support any hashes" >&2; exit 1',
      check:
        'case "$*" in *--download*) echo "= a"; echo "* b"; exit 1 ;; esac; ' +
        `echo '{"level":"error","msg":"No common hash found - not using a hash for checks"}' >&2; echo "= a"; echo "= b"`,
    });
    expect(await check(directory, task, binary)).toMatchObject({ verdict: 'SizesEqual', equalBy: { size: 2 } });
    const found = await checkTask(task, { ...about, download: true }, realTools(directory, { environment }, binary));
    expect(found).toMatchObject({ verdict: 'Different', method: 'content', counts: { equal: 1, differing: 1 } });
  });

  test('says when only sizes could be compared', async () => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { a: 'a' }, {});
    const said = JSON.stringify({ level: 'error', msg: 'No common hash found - not using a hash for checks' });
    const binary = await shellRclone(directory, { check: `echo '${said}' >&2; echo "= a"` });
    expect(await check(directory, task, binary)).toMatchObject({
      verdict: 'SizesEqual',
      method: 'size',
      message: expect.stringContaining('1 equal by size only, as the two sides have no hash in common'),
    });
  });

  test.each([
    ['that rclone breaks off', 'echo "= a"; echo "+ b"; kill -9 $$', 'killed by SIGKILL'],
    ['that finds what it cannot read', 'echo "= a"; echo "! b"; exit 1', '1 error'],
    [
      'that fails before it begins',
      'echo "2026/01/01 00:00:00 Failed to check: no such host" >&2; exit 1',
      'no such host',
    ],
  ])('%s is not complete', async (_title, script, reason) => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { a: 'a' }, {});
    const found = await check(directory, task, await shellRclone(directory, { check: script }));
    expect(found).toMatchObject({ verdict: 'Failed', message: expect.stringContaining(reason) });
  });

  test('that takes longer than the task may is ended', async () => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { a: 'a' }, {}, { timeoutMs: 1000 });
    const stats = JSON.stringify({ level: 'notice', msg: '', stats: { bytes: 1 } });
    const binary = await shellRclone(directory, { check: `echo '${stats}' >&2; exec sleep 1000` });
    const tools = realTools(directory, { environment }, binary);
    const emit = () => tools.clock.advance(1000);
    expect(await checkTask(task, about, { ...tools, emit })).toMatchObject({
      ...{ verdict: 'Failed', message: expect.stringContaining('longer than the timeout of 1 s') },
    });
  });

  test('that is stopped says nothing about the files', async () => {
    await using directory = await temporaryDirectory();
    const task = await withSides(directory, { a: 'a' }, { a: 'a' });
    const tools = realTools(directory);
    tools.controller.abort('Aborted');
    expect(await checkTask(task, about, tools)).toMatchObject({ verdict: 'Stopped', counts: { equal: 0 } });
  });
});
