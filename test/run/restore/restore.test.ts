import { mkdir, readdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../../src/model/desired.ts';
import { emptyHistory } from '../../../src/model/history.ts';
import type { RestoreOrder } from '../../../src/model/restore.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { restore } from '../../../src/run/restore/restore.ts';
import { reverseTask } from '../../../src/run/restore/reverse-task.ts';
import { reversedManifest } from '../../../src/run/restore/reversed-manifest.ts';
import { remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../local-task.ts';
import { realRun, realTools } from '../real-run.ts';
import { shellRclone } from '../shell-rclone.ts';

const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };
const environment = { ...process.env, CRYPT: 'a long password' };

const about = { runId: 'restore-1', history: emptyHistory };

async function restoreTo(
  directory: TemporaryDirectory,
  task: ResolvedTask,
  part: Partial<RestoreOrder> = {},
  password?: string,
) {
  const order = { ...newOrder(directory), ...part };
  const variables = password === undefined ? environment : { ...environment, CRYPT: password };
  const { ending } = await restore(task, order, about, realTools(directory, { environment: variables }));
  return ending;
}

function newOrder(directory: TemporaryDirectory): RestoreOrder {
  return { directory: directory.at('back'), backup: null, include: [], intoExisting: false, dryRun: false };
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
    expect(await restoreTo(directory, task)).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringMatching(/^1 file that run photos-2, .*\(b\.txt\); restore them with --at photos-2$/)],
    });
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
    const order = { ...newOrder(directory), dryRun: true };

    expect((await restore(task, order, about, tools)).ending).toMatchObject({ outcome: 'Succeeded' });
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

  test('is no success where rclone says so and a file is not there', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one' });
    const binary = await shellRclone(directory, { lsf: 'echo a.txt', copy: ':', check: 'echo "+ a.txt"; exit 1' });

    const { ending } = await restore(task, newOrder(directory), about, realTools(directory, {}, binary));

    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: expect.stringMatching(/^1 file not restored: a\.txt; nothing was put into /),
    });
    expect(await readdir(directory.at('back'))).toEqual([]);
  });

  test('tries again what may well succeed, from the start for a file that was cut off', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one' });
    const failing = JSON.stringify({ level: 'error', msg: 'Failed to copy: unexpected EOF', object: 'a.txt' });
    const stats = JSON.stringify({ level: 'notice', msg: '', stats: { errors: 1, retryError: true } });
    const copied = JSON.stringify({ level: 'info', msg: 'Copied (new)', object: 'a.txt' });
    const binary = await shellRclone(directory, {
      lsf: 'echo a.txt',
      // The last argument is where to.
      copy:
        'for to; do :; done; mark="$to/../../../tried"; [ -e "$to/a.txt" ] && exit 9; ' +
        `if [ -e "$mark" ]; then printf one >"$to/a.txt"; echo '${copied}' >&2; exit 0; fi; ` +
        `touch "$mark"; printf o >"$to/a.txt"; echo '${failing}' >&2; echo '${stats}' >&2; exit 1`,
      check: `for to; do :; done; if [ -e "$to/a.txt" ]; then echo "= a.txt"; else echo "+ a.txt"; exit 1; fi`,
    });

    const { ending, restored } = await restore(task, newOrder(directory), about, realTools(directory, {}, binary));

    expect(ending).toMatchObject({ outcome: 'Succeeded', attempt: 2, lastError: null });
    expect(restored).toMatchObject({ files: 1, bytes: 3 });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'one' });
  });

  test('that is stopped says that what is there is not complete', async () => {
    await using directory = await temporaryDirectory();
    const task = await pushed(directory, { 'a.txt': 'one' });
    const tools = realTools(directory, { environment });
    tools.controller.abort('Aborted');
    const { ending } = await restore(task, newOrder(directory), about, tools);
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
    expect(await restoreTo(directory, task, { intoExisting: true })).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringMatching(/^1 file left as it was, .*: a\.txt$/)],
    });
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
      const order = { ...newOrder(directory), directory: directory.at(place), intoExisting };
      const tools = realTools(directory, { environment, confinement: { pathRoots, commands: false } });
      const { ending } = await restore(task, order, about, tools);
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

describe('a manifest that restores', () => {
  const order = { directory: '/back', backup: null, include: [] };

  test('a backup of a task without a folder stays below where the login leads', async () => {
    const safety = { ...taskSpec().safety, backupFolder: '.trash' };
    const spec = taskSpec({ remote: remoteLocation({ folder: '' }), safety });
    const written = await reversedManifest(resolvedTask('photos', { spec }), { ...order, backup: 'photos-1' });
    expect(written).toMatchObject({ value: { spec: { remote: { folder: '.trash/photos-1' } } } });
  });

  test('holds one list of includes', async () => {
    const include = ['*.jpg'];
    const asked = await reversedManifest(resolvedTask('photos', { spec: taskSpec() }), { ...order, include });
    expect(asked).toMatchObject({ value: { spec: { include } } });
    const both = resolvedTask('photos', { spec: taskSpec({ include: ['a/**'] }) });
    expect(await reversedManifest(both, { ...order, include })).toMatchObject({
      ok: false,
      error: expect.stringContaining('leave out --write'),
    });
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
      ...{ finallyScript: '', timeoutMs: null, rcloneFlags: { checkers: 16 } },
      exclude: ['/mounted', '*.tmp'],
      safety: { requireMarker: null },
    });
  });

  test('is no PULL', () => {
    const reversed = reverseTask(resolvedTask('photos', { spec: taskSpec({ direction: 'PULL' }) }), '/back');
    expect(reversed).toMatchObject({ ok: false, error: expect.stringContaining('only a PUSH can be restored') });
  });
});
