import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { RestoreOrder } from '../../src/model/restore.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { restore, reverseTask } from '../../src/run/restore.ts';
import { resolvedTask, taskSpec } from '../helper/build.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { localTask } from './local-task.ts';
import { realRun, realTools } from './real-run.ts';

const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };
const environment = { ...process.env, CRYPT: 'a long password' };

async function restoreTo(
  directory: TemporaryDirectory,
  task: ResolvedTask,
  part: Partial<RestoreOrder> = {},
  password?: string,
) {
  const order = { directory: directory.at('back'), backup: null, intoExisting: false, dryRun: false, ...part };
  const variables = password === undefined ? environment : { ...environment, CRYPT: password };
  return restore(task, order, 'restore-1', realTools(directory, { environment: variables }));
}

/** A task whose files have been pushed; then all of them are gone. */
async function pushed(
  directory: TemporaryDirectory,
  files: Readonly<Record<string, string>>,
  part: Partial<TaskSpec> = {},
) {
  await writeTree(directory.at('source'), files);
  const task = await localTask(directory, 'photos', part);
  const { ending } = await realRun(task, realTools(directory, { environment }));
  expect(ending).toMatchObject({ outcome: 'Succeeded' });
  return task;
}

const files = { 'a.txt': 'one', 'sub/b.txt': 'two', 'sub/c.tmp': 'three' };

describe('a restore', { timeout: 60_000 }, () => {
  test('brings back what the filters take, and leaves the source and the remote alone', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, files, { exclude: ['*.tmp'] });
    await writeTree(directory.at('remote/photos'), { 'other.tmp': 'not of the task' });

    const ending = await restoreTo(directory, task);

    expect(ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 2 } });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'one', 'sub/b.txt': 'two' });
    expect(await readTree(directory.at('source'))).toEqual(files);
  });

  test('reads through the encryption', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, files, { encryption });

    expect(await restoreTo(directory, task)).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('back'))).toEqual(files);
  });

  test('with another password is refused', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one', 'b.txt': 'two', 'c.txt': 'three' }, { encryption });

    const ending = await restoreTo(directory, task, {}, 'another password');

    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('cannot be decrypted') });
    expect(await readTree(directory.path)).not.toHaveProperty(['back/a.txt']);
  });

  test('of a list of paths takes only these', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'one', 'b/c.txt': 'two', 'd.txt': 'three' });
    const paths = [directory.at('source/a.txt'), directory.at('source/b')];
    const task = await localTask(directory, 'photos', { paths });
    await writeTree(directory.at('remote/photos'), { 'a.txt': 'one', 'b/c.txt': 'two', 'stranger.txt': 'of others' });

    expect(await restoreTo(directory, task)).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'one', 'b/c.txt': 'two' });
  });

  test('of what a run has set aside, and not of that otherwise', async () => {
    await using directory = await temporaryDirectory();
    const safety = { ...taskSpec().safety, backupFolder: '.trash' };
    const task = await localTask(directory, 'photos', { safety });
    const remote = { 'a.txt': 'new', '.trash/photos-1/a.txt': 'old', '.trash/photos-2/b.txt': 'older' };
    await writeTree(directory.at('remote/photos'), remote);

    expect(await restoreTo(directory, task, { backup: 'photos-1', directory: directory.at('old') })).toMatchObject({
      outcome: 'Succeeded',
    });
    expect(await restoreTo(directory, task)).toMatchObject({ outcome: 'Succeeded' });
    const wrong = await restoreTo(directory, task, { backup: 'photos-3', directory: directory.at('none') });

    expect(await readTree(directory.at('old'))).toEqual({ 'a.txt': 'old' });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'new' });
    expect(wrong).toMatchObject({
      outcome: 'Blocked',
      lastError: 'there is no backup photos-3; there is photos-2, photos-1',
    });
  });

  test('of an encrypted backup', async () => {
    await using directory = await temporaryDirectory();
    const safety = { ...taskSpec().safety, backupFolder: '.trash' };
    const task = await pushed(directory, { '.trash/photos-1/a.txt': 'old', 'b.txt': 'new' }, { encryption });
    const keeping = { ...task, spec: { ...task.spec, safety } };

    expect(await restoreTo(directory, keeping, { backup: 'photos-1' })).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'old' });
  });

  test('as a dry run tells what it would copy, and copies nothing', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one' });
    const tools = realTools(directory, { environment });
    const order = { directory: directory.at('back'), backup: null, intoExisting: false, dryRun: true };

    expect(await restore(task, order, 'restore-1', tools)).toMatchObject({
      outcome: 'Succeeded',
    });
    expect(tools.events).toContainEqual(
      expect.objectContaining({ type: 'RunChange', change: { action: 'copy', path: 'a.txt', size: 3 } }),
    );
    expect(Object.keys(await readTree(directory.path))).not.toContain('back/a.txt');
  });

  test('of nothing is refused, and one that the filters leave nothing of says so', async () => {
    await using directory = await temporaryDirectory();
    const empty = await localTask(directory);
    expect(await restoreTo(directory, empty)).toMatchObject({
      ...{ outcome: 'Blocked', lastError: 'there is nothing to restore: photos is empty or not there' },
    });

    const task = await pushed(directory, { 'a.txt': 'one' });
    const filtered = { ...task, spec: { ...task.spec, exclude: ['*.txt'] } };
    expect(await restoreTo(directory, filtered)).toMatchObject({
      ...{ outcome: 'SucceededWithWarnings', warnings: [expect.stringContaining('no file was restored')] },
    });
  });

  test('that is stopped says that what is there is not complete', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one' });
    const tools = realTools(directory, { environment });
    tools.controller.abort('Aborted');
    const order = { directory: directory.at('back'), backup: null, intoExisting: false, dryRun: false };

    const ending = await restore(task, order, 'restore-1', tools);
    expect(ending).toMatchObject({ outcome: 'Aborted' });
  });
});

describe('the directory of a restore', { timeout: 60_000 }, () => {
  test('that holds something is refused, and with --into-existing keeps all it has', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'far', 'b.txt': 'far' });
    await writeTree(directory.at('back'), { 'a.txt': 'mine' });

    expect(await restoreTo(directory, task)).toMatchObject({
      ...{ outcome: 'Blocked', lastError: expect.stringMatching(/back is not empty; .*--into-existing/) },
    });
    expect(await restoreTo(directory, task, { intoExisting: true })).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'mine', 'b.txt': 'far' });
  });

  test("that is the task's own is refused without the flag, by any name", async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one' });
    await mkdir(directory.at('source/empty'));
    await symlink(directory.at('source'), directory.at('link'));

    for (const place of ['source', 'source/empty', 'source/new', 'link/new']) {
      expect(await restoreTo(directory, task, { directory: directory.at(place) }), place).toMatchObject({
        ...{ outcome: 'Blocked', lastError: expect.stringContaining('where task photos has its own files') },
      });
    }
    expect(await restoreTo(directory, task, { directory: directory.at('source'), intoExisting: true })).toMatchObject({
      outcome: 'Succeeded',
    });
  });

  test('that overlaps with what is restored, is a file, or is in none of the roots is refused', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one' });
    const blocked = async (place: string, intoExisting: boolean, pathRoots: readonly string[] = []) => {
      const order = { directory: directory.at(place), backup: null, intoExisting, dryRun: false };
      const tools = realTools(directory, { environment, confinement: { pathRoots, commands: false } });
      const ending = await restore(task, order, 'restore-1', tools);
      expect(ending.outcome).toBe('Blocked');
      return ending.lastError;
    };

    expect(await blocked('remote/photos/back', true)).toContain('overlaps');
    expect(await blocked('remote', true)).toContain('overlaps');
    expect(await restoreTo(directory, task, { directory: '' })).toMatchObject({ outcome: 'Blocked' });
    expect(await blocked('source/a.txt', true)).toContain('is not a directory');
    expect(await blocked('back', false, [directory.at('elsewhere')])).toContain('--path-root');
  });
});

describe('a task turned round', () => {
  test('runs when asked, without scripts, marker, time limit and flags that leave files out', () => {
    const spec = taskSpec({
      ...{ transferMode: 'SYNC', preScript: 'a', postScript: 'b', finallyScript: 'c', timeoutMs: 1 },
      ...{ rcloneFlags: { checkers: 16, 'max-transfer': '1M' }, exclude: ['*.tmp'] },
      safety: { ...taskSpec().safety, requireMarker: 'mounted' },
    });
    const reversed = reverseTask(resolvedTask('photos', { spec }), '/back');

    expect(reversed.ok && reversed.value.spec).toMatchObject({
      ...{ direction: 'PULL', transferMode: 'COPY', paths: ['/back'], preScript: '', postScript: '' },
      ...{ finallyScript: '', timeoutMs: null, rcloneFlags: { checkers: 16 }, exclude: ['*.tmp'] },
      safety: { requireMarker: null },
    });
  });

  test('is no PULL', () => {
    const reversed = reverseTask(resolvedTask('photos', { spec: taskSpec({ direction: 'PULL' }) }), '/back');
    expect(reversed).toMatchObject({ ok: false, error: expect.stringContaining('only a PUSH can be restored') });
  });
});
