import { execFileSync } from 'node:child_process';
import { mkdir, readdir, stat, utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../../src/model/desired.ts';
import { emptyHistory } from '../../../src/model/history.ts';
import type { RestoreOrder } from '../../../src/model/restore.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { restore } from '../../../src/run/restore/restore.ts';
import { runRecord, taskSpec } from '../../helper/build.ts';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { eventually } from '../../helper/eventually.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { processesAtHome } from '../../helper/process-tree.ts';
import { addCredential, addTask } from '../../helper/task.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

const environment = { ...process.env, CRYPT: 'a long password', SALT: 'a long salt', OTHER: 'another password' };
const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };

async function restoreTo(
  directory: TemporaryDirectory,
  task: ResolvedTask,
  part: Partial<RestoreOrder> = {},
  history = emptyHistory,
) {
  const fresh = { directory: directory.at('back'), backup: null, include: [], intoExisting: false, dryRun: false };
  const about = { runId: 'restore-1', history };
  return restore(task, { ...fresh, ...part }, about, realTools(directory, { environment }));
}

async function pushed(
  directory: TemporaryDirectory,
  files: Readonly<Record<string, string>>,
  part: Partial<TaskSpec> = {},
) {
  await writeTree(directory.at('source'), files);
  const task = await localTask(directory, 'photos', part);
  expect((await realRun(task, realTools(directory, { environment }))).ending).toMatchObject({ outcome: 'Succeeded' });
  return task;
}

const canMount = (() => {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A disk of its own, or, where none can be mounted, no file may grow beyond a size. */
const small = canMount
  ? {
      before: ['unshare', '-rm'],
      mount: 'mount -t tmpfs -o size=96k tmpfs back',
      grow: 'mount -o remount,size=9m back',
      limit: '',
    }
  : { before: [], mount: 'true', grow: 'true', limit: 'prlimit --fsize=65536' };

const full = `
set -u
mkdir back && ${small.mount} || exit 99
${small.limit} "$@" restore photos --to back >first 2>&1; echo "first: $?"
(cd back && find . -type f | sort | xargs -r stat -c '%n %s')
${small.grow}
"$@" restore photos --to back --into-existing >second 2>&1; echo "second: $?"
(cd back && find . -type f | sort | xargs -r stat -c '%n %s')
cat first second >&2
`;

test('a full disk leaves no file that is cut off, and the next restore brings the rest', async () => {
  await using cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  const big = 'x'.repeat(70_000);
  await addTask(cloudsync, 'photos', {}, { 'a-small': 'small', 'b/big': big, 'c-big': `${big}y` });
  expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });

  const { stdout, stderr } = await cloudsync.start([], [...small.before, 'sh', '-c', full, 'sh']).finished;

  const [first = '', second = ''] = stdout.split(/(?=second:)/);
  const sizes = { './a-small': 5, './b/big': 70_000, './c-big': 70_001 };
  const found = [...first.matchAll(/^(\S+) (\d+)$/gm)].filter(([, name]) => name?.startsWith('./'));
  expect(first, stderr).toMatch(/^first: 1$/m);
  expect(found.length).toBeLessThan(3);
  for (const [, name = '', size] of found)
    expect({ [name]: Number(size) }).toEqual({ [name]: sizes[name as keyof typeof sizes] });
  expect(second, stderr).toBe('second: 0\n./a-small 5\n./b/big 70000\n./c-big 70001\n');
});

test('a restore that was killed leaves no file that is cut off, and its folder goes with the next', async () => {
  await using cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  const files = { 'a.bin': 'a'.repeat(3_000_000), 'b.txt': 'b' };
  await addTask(cloudsync, 'photos', { bandwidthLimit: '300' }, files);
  await writeTree(cloudsync.directory.at('cloud/photos'), files);
  const back = cloudsync.directory.at('back');
  const running = cloudsync.start(['restore', 'photos', '--to', 'back']);
  await eventually('rclone has begun to write', async () => {
    const names = await readdir(back, { recursive: true }).catch(() => []);
    return names.some((name) => name.includes('a.bin')) ? true : null;
  });

  for (const pid of [running.pid, ...processesAtHome(cloudsync.directory.path)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with the other.
    }
  }
  await running.finished;
  const left = (await readdir(back)).filter((name) => !name.startsWith('.cloudsync-restore-'));
  expect(left.filter((name) => name !== 'b.txt')).toEqual([]);
  await addTask(cloudsync, 'photos', {}, files);

  expect(await cloudsync.run('restore', 'photos', '--to', 'back', '--into-existing')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/ put into \S+\/back/),
  });
  expect((await readdir(back)).toSorted()).toEqual(['a.bin', 'b.txt']);
  expect((await stat(`${back}/a.bin`)).size).toBe(3_000_000);
});

describe('a restore', () => {
  test('of single files stays within what the task selects', async () => {
    await using directory = await temporaryDirectory();
    const files = { 'a.txt': 'a', 'sub/b.txt': 'b', 'sub/c.jpg': 'c', 'sub/d.tmp': 'd', 'e.txt': 'e' };
    const task = await pushed(directory, files);
    const narrow = { ...task, spec: { ...task.spec, exclude: ['*.tmp'], include: ['sub/**', 'a.txt'] } };
    const to = async (include: readonly string[], place: string, of: ResolvedTask = narrow) => {
      const { ending, restored } = await restoreTo(directory, of, { include, directory: directory.at(place) });
      return {
        outcome: ending.outcome,
        files: restored.files,
        tree: await readTree(directory.at(place)).catch(() => null),
      };
    };

    expect(await to(['*.txt'], 'one')).toEqual({
      outcome: 'Succeeded',
      files: 2,
      tree: { 'a.txt': 'a', 'sub/b.txt': 'b' },
    });
    expect(await to(['/sub/', '/a.txt'], 'two')).toMatchObject({
      tree: { 'a.txt': 'a', 'sub/b.txt': 'b', 'sub/c.jpg': 'c' },
    });
    expect(await to(['*.tmp', 'e.txt'], 'three')).toMatchObject({ outcome: 'Blocked', files: 0 });
    expect(await to(['sub/c.jpg'], 'four', task)).toMatchObject({ tree: { 'sub/c.jpg': 'c' } });
  });

  test('keeps the times of files, and never overwrites', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'far', 'sub/b.txt': 'far', 'sub/c.txt': 'far' });
    const old = new Date('2020-01-02T03:04:05Z');
    await utimes(directory.at('remote/photos/sub/c.txt'), old, old);
    await writeTree(directory.at('back'), { 'a.txt': 'my own', 'sub/b.txt': 'own' });

    const { ending, restored } = await restoreTo(directory, task, { intoExisting: true });

    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [
        expect.stringContaining('1 file left as it was, with another size than what would be restored: a.txt'),
      ],
    });
    expect(restored).toMatchObject({ files: 1, bytes: 3, kept: 1, keptOther: 1 });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'my own', 'sub/b.txt': 'own', 'sub/c.txt': 'far' });
    expect((await stat(directory.at('back/sub/c.txt'))).mtimeMs).toBe(old.getTime());
  });

  test.for([1, 40])('is not refused for %i foreign names in an encrypted folder', async (count) => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'a', 'b.txt': 'b', 'sub/c.txt': 'c' }, { encryption });
    const foreign = Object.fromEntries(Array.from({ length: count }, (_, index) => [`.DS_Store${index}`, 'x']));
    await writeTree(directory.at('remote/photos'), foreign);

    const { ending } = await restoreTo(directory, task);

    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringContaining('decrypted')],
    });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'a', 'b.txt': 'b', 'sub/c.txt': 'c' });
  });

  test('is not refused for files that no key opens beside those of its own', async () => {
    await using directory = await temporaryDirectory();
    const plainNames = { ...encryption, filenames: false };
    const task = await pushed(directory, { 'z.txt': 'z' }, { encryption: plainNames });
    const cut = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`a${index}.bin`, 'RCLONE\0\0'.padEnd(60, 'x')]),
    );
    await writeTree(directory.at('remote/photos'), cut);

    const { ending } = await restoreTo(directory, task);

    // What cannot be decrypted fails, and what can be comes back.
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining('1 file put into') });
    expect(await readTree(directory.at('back'))).toEqual({ 'z.txt': 'z' });
  });

  test.for([true, false])('with a wrong key is refused, and says why (names encrypted: %s)', async (filenames) => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'a', 'b.txt': 'b' }, { encryption: { ...encryption, filenames } });
    const wrong = { password: { fromEnv: 'OTHER' }, salt: null, filenames };

    const { ending } = await restoreTo(directory, { ...task, spec: { ...task.spec, encryption: wrong } });

    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('cannot be decrypted') });
    expect(await readdir(directory.path)).not.toContain('back');
  });

  test('says where the last good version is when a run that failed has set it aside', async () => {
    await using directory = await temporaryDirectory();
    const safety = { ...taskSpec().safety, backupFolder: '.trash' };
    const task = await pushed(directory, { 'a.txt': 'a' }, { safety });
    await writeTree(directory.at('remote/photos'), {
      '.trash/photos-2/lost.txt': 'good',
      '.trash/photos-2/a.txt': 'older',
      '.trash/photos-1/deleted.txt': 'meant to go',
    });
    const runs = [runRecord({ id: 'photos-2', outcome: 'Failed' }), runRecord({ id: 'photos-1' })];

    const { ending } = await restoreTo(directory, task, {}, { ...emptyHistory, runs });

    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [
        '1 file that run photos-2, with the outcome Failed, set aside and that the far side does not hold (lost.txt); ' +
          'restore them with --at photos-2',
      ],
    });
  });
});

test('restore --write keeps password and salt, and what it writes restores', async () => {
  await using cloudsync = await openCloudsync();
  Object.assign(cloudsync.environment, { CRYPT_PASSWORD: 'a long password', CRYPT_SALT: 'some salt' });
  await addCredential(cloudsync);
  const crypt = { password: { fromEnv: 'CRYPT_PASSWORD' }, salt: { fromEnv: 'CRYPT_SALT' }, filenames: true };
  const files = { 'letter.txt': 'a letter\n', 'sub/photo.jpg': 'a photo\n' };
  await addTask(cloudsync, 'photos', { encryption: crypt, safety: { backupFolder: '.trash' } }, files);
  expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });

  const written = await cloudsync.run('restore', 'photos', '--to', 'other', '--write', '--include', '*.jpg');
  await cloudsync.manifest('photos-restore.yaml', written.stdout);
  await mkdir(cloudsync.directory.at('other'));

  expect(written.stdout).toMatch(/salt:\n\s+fromEnv: CRYPT_SALT/);
  expect(await cloudsync.run('run', 'photos-restore')).toMatchObject({ exitCode: 0 });
  expect(await readTree(cloudsync.directory.at('other'))).toEqual({ 'sub/photo.jpg': 'a photo\n' });
  Object.assign(cloudsync.environment, { CRYPT_SALT: 'another' });
  expect(await cloudsync.run('run', 'photos-restore')).toMatchObject({ exitCode: 3 });
});
