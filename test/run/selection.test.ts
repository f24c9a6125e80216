import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../src/model/task.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { localTask } from './local-task.ts';
import { rclones, realRun, realTools } from './real-run.ts';

async function push(
  directory: TemporaryDirectory,
  names: readonly string[],
  part: Partial<TaskSpec> = {},
  binary = '',
) {
  const paths = names.map((name) => directory.at('source', name));
  const task = await localTask(directory, 'photos', { paths, ...part });
  return (await realRun(task, realTools(directory, {}, binary === '' ? undefined : binary))).ending;
}

describe.each(rclones)('chosen paths, by %s', { timeout: 60_000 }, (binary) => {
  test('SYNC deletes inside of what was chosen, and touches nothing else', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), {
      'a/new.txt': 'new',
      'b.txt': 'b',
      'c/not-chosen.txt': 'c',
      'ab.txt': 'ab',
    });
    const others = { 'c/other.txt': 'other', 'ab.txt': 'other', 'b.txt.old': 'other', 'aa/deep/x.txt': 'other' };
    await writeTree(directory.at('remote/photos'), {
      ...others,
      'a/old.txt': 'old',
      'a/deep/old.txt': 'old',
      'b.txt': 'old',
    });
    expect(await push(directory, ['a', 'b.txt'], { transferMode: 'SYNC' }, binary)).toMatchObject({
      ...{ outcome: 'Succeeded', stats: { transfers: 2, deletes: 2 } },
    });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ ...others, 'a/new.txt': 'new', 'b.txt': 'b' });
  });

  test.each(['COPY', 'SYNC', 'MOVE'] as const)('%s of a single file takes that file', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a', 'b.txt': 'b' });
    await writeTree(directory.at('remote/photos'), { 'kept.txt': 'kept' });
    expect(await push(directory, ['a.txt'], { transferMode }, binary)).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'a.txt': 'a', 'kept.txt': 'kept' });
    const left = transferMode === 'MOVE' ? { 'b.txt': 'b' } : { 'a.txt': 'a', 'b.txt': 'b' };
    expect(await readTree(directory.at('source'))).toEqual(left);
  });
});

describe('guards of chosen paths', () => {
  test.each(['COPY', 'SYNC', 'MOVE'] as const)('%s with one that is missing is refused', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a/a.txt': 'a' });
    await writeTree(directory.at('remote/photos'), { 'b/kept.txt': 'kept' });
    expect(await push(directory, ['a', 'b'], { transferMode })).toMatchObject({
      ...{ outcome: 'Blocked', lastError: `the source ${directory.at('source/b')} does not exist` },
    });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'b/kept.txt': 'kept' });
  });

  test('SYNC with one that is empty is refused where its counterpart is not', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a/a.txt': 'a' });
    await mkdir(directory.at('source/b'));
    const kept = { 'b/kept.txt': 'kept' };
    await writeTree(directory.at('remote/photos'), kept);
    const part = { transferMode: 'SYNC' } as const;
    expect(await push(directory, ['a', 'b'], part)).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/source\/b is empty, and SYNC would delete everything in here:photos\/b; /),
    });
    expect(await readTree(directory.at('remote/photos'))).toEqual(kept);
    await rm(directory.at('remote/photos/b/kept.txt'));
    expect(await push(directory, ['a', 'b'], part)).toMatchObject({ outcome: 'Succeeded' });
    await writeTree(directory.at('remote/photos'), kept);
    const safety = {
      maxDelete: { kind: 'percentage', percentage: 50 },
      allowEmptySource: true,
      preflight: 'always',
      backupFolder: null,
      backupRetentionMs: null,
      requireMarker: null,
      requireDestinationMarker: false,
    } as const;
    expect(await push(directory, ['a', 'b'], { ...part, safety })).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'a/a.txt': 'a' });
  });

  /** rclone passes them by, and SYNC then deletes what stands at the destination under their name. */
  test.each(['COPY', 'SYNC', 'MOVE'] as const)(
    '%s of a symbolic link is refused unless it is followed',
    async (mode) => {
      await using directory = await temporaryDirectory();
      await writeTree(directory.at('source'), { 'a/a.txt': 'a', 'real/b.txt': 'b' });
      await symlink('real', directory.at('source/b'));
      const before = { 'b/b.txt': 'before' };
      await writeTree(directory.at('remote/photos'), before);
      const part = { transferMode: mode };
      expect(await push(directory, ['a', 'b'], part)).toMatchObject({
        outcome: 'Blocked',
        lastError: expect.stringMatching(
          /source\/b is a symbolic link, and rclone leaves it out; set spec.followSymlinks/,
        ),
      });
      expect(await readTree(directory.at('remote/photos'))).toEqual(before);
      expect(await push(directory, ['a', 'b'], { ...part, followSymlinks: true })).toMatchObject({
        outcome: 'Succeeded',
      });
      expect(await readTree(directory.at('remote/photos'))).toEqual({ 'a/a.txt': 'a', 'b/b.txt': 'b' });
    },
  );

  test('a single directory may be a symbolic link: rclone starts from there', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'real/b.txt': 'b' });
    await symlink('real', directory.at('source/b'));
    expect(await push(directory, ['b'], { transferMode: 'SYNC' })).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'b.txt': 'b' });
  });

  test('a single file that has become a directory is a directory, and the other way round', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a/x.txt': 'x' });
    expect(await push(directory, ['a'])).toMatchObject({ outcome: 'Succeeded' });
    await rename(directory.at('source/a/x.txt'), directory.at('source/x.txt'));
    expect(await push(directory, ['x.txt'])).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'x.txt': 'x' });
  });

  test('PULL into a file is refused in words', async () => {
    await using directory = await temporaryDirectory();
    const file = await directory.write('source/a.txt', 'a');
    expect(await push(directory, ['a.txt'], { direction: 'PULL' })).toMatchObject({
      ...{ outcome: 'Failed', lastError: `${file} is not a directory` },
    });
  });
});
