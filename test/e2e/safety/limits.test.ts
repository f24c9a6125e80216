import { utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../../src/model/desired.ts';
import { emptyHistory } from '../../../src/model/history.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { checkTask } from '../../../src/run/check-task.ts';
import { restore } from '../../../src/run/restore/restore.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { openWithTask } from '../../helper/task.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

const environment = { ...process.env, CRYPT: 'a long password' };
const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };
const hour = 3600;
const quarter = { minAgeMs: 900_000 };

/** As if it had been written so many seconds ago. */
async function aged(directory: TemporaryDirectory, path: string, seconds: number): Promise<void> {
  const at = Date.now() / 1000 - seconds;
  await utimes(directory.at(path), at, at);
}

function run(directory: TemporaryDirectory, task: ResolvedTask) {
  return realRun(task, realTools(directory, { environment }));
}

function check(directory: TemporaryDirectory, task: ResolvedTask) {
  const about = { runId: 'check-1', download: false, sample: null, run: null, lastSuccessAt: null };
  return checkTask(task, about, realTools(directory, { environment }));
}

/** One file of each kind: young, an hour old, a year old. */
async function ofThreeAges(directory: TemporaryDirectory, folder = 'source'): Promise<void> {
  await writeTree(directory.at(folder), { young: 'y', hour: 'h', 'deep/year': 'y' });
  await aged(directory, `${folder}/hour`, hour);
  await aged(directory, `${folder}/deep/year`, 365 * 24 * hour);
}

describe('limits for age and size', () => {
  test.each<[string, Partial<TaskSpec>, readonly string[]]>([
    ['minAge', quarter, ['deep/year', 'hour']],
    ['maxAge', { maxAgeMs: 900_000 }, ['young']],
    ['both', { minAgeMs: 900_000, maxAgeMs: 86_400_000 }, ['hour']],
  ])('%s: only these files are copied, and a dry run says so', async (_, part, expected) => {
    await using directory = await temporaryDirectory();
    await ofThreeAges(directory);
    const task = await localTask(directory, 'photos', part);

    const dry = await realRun(task, realTools(directory), true);
    const foretold = dry.heard.events.flatMap((event) => (event.type === 'RunChange' ? [event.change.path] : []));
    expect(foretold.sort()).toEqual(expected);
    expect((await run(directory, task)).ending).toMatchObject({ outcome: 'Succeeded' });
    expect(Object.keys(await readTree(directory.at('remote/photos')))).toEqual(expected);
  });

  test('both ends of a size count, also of what is encrypted on the way', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), {
      small: 'x'.repeat(999),
      fits: 'x'.repeat(1000),
      large: 'x'.repeat(1001),
    });
    const exactly = { minSizeBytes: 1000, maxSizeBytes: 1000, encryption };
    expect((await run(directory, await localTask(directory, 'photos', exactly))).ending).toMatchObject({
      outcome: 'Succeeded',
      stats: { transfers: 1 },
    });
    const back = await localTask(directory, 'back', { ...exactly, direction: 'PULL', paths: [directory.at('back')] });
    await run(directory, back);
    expect(Object.keys(await readTree(directory.at('back')))).toEqual(['fits']);
  });

  test.each(['PUSH', 'PULL'] as const)('a MOVE by %s leaves what is out of them at the source', async (direction) => {
    await using directory = await temporaryDirectory();
    const [from, to] = direction === 'PUSH' ? ['source', 'remote/photos'] : ['remote/photos', 'source'];
    const task = await localTask(directory, 'photos', {
      direction,
      transferMode: 'MOVE',
      ...quarter,
      exclude: ['*.tmp'],
    });
    await ofThreeAges(directory, from);
    await writeTree(directory.at(from), { 'old.tmp': 'o' });
    await aged(directory, `${from}/old.tmp`, hour);
    await writeTree(directory.at(to), { 'there.tmp': 't', there: 't' });

    expect((await run(directory, task)).ending).toMatchObject({ outcome: 'Succeeded' });
    expect(Object.keys(await readTree(directory.at(from)))).toEqual(['old.tmp', 'young']);
    expect(Object.keys(await readTree(directory.at(to)))).toEqual(['deep/year', 'hour', 'there', 'there.tmp']);
  });

  /** rclone by itself applies the limits to the destination too, takes a younger file there for missing, and overwrites it. */
  describe('a file at the destination that is out of them is not taken for missing', () => {
    async function precious(directory: TemporaryDirectory, part: Partial<TaskSpec>) {
      const task = await localTask(directory, 'photos', { ...quarter, ...part });
      await writeTree(directory.at('source'), { file: 'new, with an old time' });
      await aged(directory, 'source/file', hour);
      await writeTree(directory.at('remote/photos'), { file: 'precious' });
      const { ending } = await run(directory, task);
      return { ending, tree: await readTree(directory.at('remote/photos')) };
    }

    test.each(['COPY', 'MOVE'] as const)('%s keeps it in the backup folder', async (transferMode) => {
      await using directory = await temporaryDirectory();
      const safety = { ...taskSpec().safety, backupFolder: '.trash' };
      const { ending, tree } = await precious(directory, { transferMode, safety });
      expect(ending).toMatchObject({ outcome: 'Succeeded' });
      expect(tree).toEqual({ file: 'new, with an old time', '.trash/photos-1/file': 'precious' });
    });

    test('ignore-existing leaves it alone', async () => {
      await using directory = await temporaryDirectory();
      expect(await precious(directory, { rcloneFlags: { 'ignore-existing': true } })).toMatchObject({
        ending: { outcome: 'Succeeded' },
        tree: { file: 'precious' },
      });
    });

    test('immutable fails on it', async () => {
      await using directory = await temporaryDirectory();
      expect(await precious(directory, { rcloneFlags: { immutable: true } })).toMatchObject({
        ending: { outcome: 'Failed' },
        tree: { file: 'precious' },
      });
    });
  });

  test('a restore gives back files of any age and size', async () => {
    await using directory = await temporaryDirectory();
    await ofThreeAges(directory);
    const task = await localTask(directory, 'photos', { maxAgeMs: 366 * 86_400_000, maxSizeBytes: 10 });
    await run(directory, task);
    const narrow = await localTask(directory, 'photos', { ...quarter, maxAgeMs: 86_400_000, minSizeBytes: 1000 });
    const order = { directory: directory.at('back'), backup: null, include: [], intoExisting: false, dryRun: false };

    const { ending } = await restore(
      narrow,
      order,
      { runId: 'restore-1', history: emptyHistory },
      realTools(directory),
    );
    expect(ending).toMatchObject({ outcome: 'Succeeded' });
    expect(Object.keys(await readTree(directory.at('back')))).toEqual(['deep/year', 'hour', 'young']);
  });
});

describe('a check within limits', () => {
  test.each([
    ['plain', null],
    ['encrypted', encryption],
  ])('compares what the task transfers: %s', async (_, cipher) => {
    await using directory = await temporaryDirectory();
    await ofThreeAges(directory);
    const task = await localTask(directory, 'photos', { ...quarter, encryption: cipher });
    await run(directory, task);
    expect(await check(directory, task)).toMatchObject({ verdict: 'Equal', counts: { equal: 2, missing: 0 } });

    await writeTree(directory.at('source'), { hour: 'H' });
    expect(await check(directory, task)).toMatchObject({ verdict: 'Equal', counts: { equal: 1 } });
    await aged(directory, 'source/hour', hour);
    expect(await check(directory, task)).toMatchObject({ verdict: 'Different', counts: { equal: 1, differing: 1 } });
  });

  test('a copy that the destination dates later, or holds cut off, is found there', async () => {
    await using directory = await temporaryDirectory();
    await ofThreeAges(directory);
    const task = await localTask(directory, 'photos', { ...quarter, minSizeBytes: 1 });
    await run(directory, task);
    await writeTree(directory.at('remote/photos'), { hour: 'h', 'deep/year': '' });
    expect(await check(directory, task)).toMatchObject({
      verdict: 'Different',
      counts: { equal: 1, differing: 1, missing: 0, extra: 0 },
      files: [{ found: 'differing', path: 'deep/year' }],
    });
  });

  test('names are compared whatever they look like, and one that is missing is told', async () => {
    await using directory = await temporaryDirectory();
    const names = ['a\nb', 'end\r', ' lead', 'trail ', '#hash', ';semi', 'w\\x', 'ü', '-dash', 'sub/{x}*'];
    await writeTree(directory.at('source'), Object.fromEntries(names.map((name) => [name, name])));
    const task = await localTask(directory, 'photos', { maxAgeMs: 86_400_000 });
    await run(directory, task);
    expect(await check(directory, task)).toMatchObject({ verdict: 'Equal', counts: { equal: names.length } });
    await writeTree(directory.at('source'), { another: 'a' });
    expect(await check(directory, task)).toMatchObject({
      verdict: 'Different',
      counts: { missing: 1 },
      files: [{ found: 'missing', path: 'another' }],
    });
  });

  test('of which no file is within them compares nothing, and not everything', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { young: 'y' });
    const task = await localTask(directory, 'photos', quarter);
    expect(await check(directory, task)).toMatchObject({
      verdict: 'EqualWithWarnings',
      counts: { equal: 0, missing: 0 },
      message: 'no file at the source is within the limits of the task for age and size',
    });
  });

  test('of a PULL is about the files of the remote', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { direction: 'PULL', ...quarter });
    await ofThreeAges(directory, 'remote/photos');
    await run(directory, task);
    expect(await check(directory, task)).toMatchObject({ verdict: 'Equal', counts: { equal: 2, missing: 0 } });
  });
});

test('a path is explained with the limit that leaves it out', async () => {
  const limits = { minAge: '15m', maxSize: '10b' };
  await using cloudsync = await openWithTask(limits, { young: 'y', hour: 'h', large: 'x'.repeat(11) });
  await aged(cloudsync.directory, 'local/photos/hour', hour);
  await aged(cloudsync.directory, 'local/photos/large', hour);
  await aged(cloudsync.directory, 'local/photos/young', 120);

  const told = await cloudsync.run('validate', '--explain-filters', 'photos', 'young', 'hour', 'large', 'none', 'sub/');
  expect(told.stdout.split('\n')).toEqual([
    expect.stringMatching(/^- young {3}excluded by minAge 15m: it was modified \d+[ms] ago$/),
    '+ hour    included: no rule speaks of it',
    '- large   excluded by maxSize 10b: it has 11 bytes',
    '+ none    included: no rule speaks of it, if it is within minAge 15m, maxSize 10b',
    '+ sub/    included: no rule speaks of it',
    '',
  ]);
  const { document } = await cloudsync.json('validate', '--explain-filters', 'photos', 'large');
  expect(document).toMatchObject({ paths: [{ path: 'large', result: 'excluded', field: 'maxSize', index: null }] });
});
