import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Safety, TaskSpec } from '../../src/model/task.ts';
import type { Ending } from '../../src/run/ending.ts';
import { runTask } from '../../src/run/run-task.ts';
import { taskSpec } from '../helper/build.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { localTask } from './local-task.ts';
import { rclones, realTools } from './real-run.ts';

const environment = { ...process.env, PASSWORD: 'password' };
const encryption = { password: { fromEnv: 'PASSWORD' }, salt: null, filenames: true };

describe.each(rclones)('the backup folder, by %s', { timeout: 60_000 }, (binary) => {
  async function sync(
    directory: TemporaryDirectory,
    runId: string,
    part: Partial<TaskSpec> = {},
    safety: Partial<Safety> = {},
  ): Promise<Ending> {
    const task = await localTask(directory, 'photos', {
      ...{ transferMode: 'SYNC', safety: { ...taskSpec().safety, backupFolder: '.trash', ...safety } },
      ...part,
    });
    return runTask(order(runId, { task }), realTools(directory, { environment }, binary));
  }

  test('keeps what two runs in a row replace and delete, each in a folder of its own', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'first', 'deep/b.txt': 'b' });
    expect(await sync(directory, 'run-1')).toMatchObject({ outcome: 'Succeeded' });
    await rm(directory.at('source/deep'), { recursive: true });
    await writeTree(directory.at('source'), { 'a.txt': 'the second' });
    expect(await sync(directory, 'run-2')).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 1 } });
    await writeTree(directory.at('source'), { 'a.txt': 'and the third' });
    expect(await sync(directory, 'run-3')).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 0 } });
    expect(await readTree(directory.at('remote/photos'))).toEqual({
      'a.txt': 'and the third',
      '.trash/run-2/a.txt': 'first',
      '.trash/run-2/deep/b.txt': 'b',
      '.trash/run-3/a.txt': 'the second',
    });
  });

  test('is no part of what is counted: neither as files at the destination nor as deletions', async () => {
    await using directory = await temporaryDirectory();
    const trash = Array.from({ length: 40 }, (_, index) => [`.trash/run-0/${index}`, 'old'] as const);
    const there = Array.from({ length: 12 }, (_, index) => [`file-${index}`, 'content'] as const);
    await writeTree(directory.at('remote/photos'), Object.fromEntries([...trash, ...there]));
    await writeTree(directory.at('source'), Object.fromEntries(there.slice(0, 5)));
    expect(await sync(directory, 'run-1')).toMatchObject({
      ...{ outcome: 'Blocked', lastError: expect.stringContaining('would delete 7 of the 12 files') },
    });
    await writeTree(directory.at('source'), Object.fromEntries(there.slice(0, 6)));
    expect(await sync(directory, 'run-2')).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 6 } });
    expect(Object.keys(await readTree(directory.at('remote/photos')))).toHaveLength(52);
  });

  test('replacing every file is no deletion', async () => {
    await using directory = await temporaryDirectory();
    const names = Array.from({ length: 12 }, (_, index) => `file-${index}`);
    await writeTree(directory.at('source'), Object.fromEntries(names.map((name) => [name, 'something new'])));
    await writeTree(directory.at('remote/photos'), Object.fromEntries(names.map((name) => [name, 'old'])));
    expect(await sync(directory, 'run-1', {}, { maxDelete: { kind: 'count', count: 0 } })).toMatchObject({
      outcome: 'Succeeded',
    });
    expect(Object.keys(await readTree(directory.at('remote/photos/.trash/run-1')))).toHaveLength(12);
  });

  test('lies at the destination of a selection', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'one/a.txt': 'new!', 'other/b.txt': 'b' });
    await writeTree(directory.at('remote/photos'), { 'one/a.txt': 'a', 'one/gone.txt': 'gone', 'apart/c.txt': 'c' });
    const paths = [directory.at('source/one'), directory.at('source/other')];
    expect(await sync(directory, 'run-1', { paths })).toMatchObject({ outcome: 'Succeeded' });
    expect(await sync(directory, 'run-2', { paths })).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 0 } });
    expect(await readTree(directory.at('remote/photos'))).toEqual({
      ...{ 'one/a.txt': 'new!', 'other/b.txt': 'b', 'apart/c.txt': 'c' },
      ...{ '.trash/run-1/one/a.txt': 'a', '.trash/run-1/one/gone.txt': 'gone' },
    });
  });

  test('of a PULL lies here, and a folder of the same name at the source is pulled by nobody', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a', 'gone.txt': 'gone' });
    await writeTree(directory.at('remote/photos'), { 'a.txt': 'new!', '.trash/run-0/x.txt': 'x' });
    expect(await sync(directory, 'run-0', { direction: 'PULL' })).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringContaining('the source has .trash, and spec.safety.backupFolder is .trash'),
    });
    const part = { direction: 'PULL', exclude: ['/.trash/**'] } as const;
    expect(await sync(directory, 'run-1', part)).toMatchObject({ outcome: 'Succeeded' });
    expect(await sync(directory, 'run-2', part)).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('source'))).toEqual({
      ...{ 'a.txt': 'new!', '.trash/run-1/a.txt': 'a', '.trash/run-1/gone.txt': 'gone' },
    });
  });

  test('is encrypted where the rest is, and a COPY fills it too', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'first', 'b.txt': 'b' });
    expect(await sync(directory, 'run-1', { encryption })).toMatchObject({ outcome: 'Succeeded' });
    await rm(directory.at('source/b.txt'));
    await writeTree(directory.at('source'), { 'a.txt': 'the second' });
    expect(await sync(directory, 'run-2', { encryption })).toMatchObject({ outcome: 'Succeeded' });
    await writeTree(directory.at('source'), { 'a.txt': 'and the third' });
    expect(await sync(directory, 'run-3', { encryption, transferMode: 'COPY' })).toMatchObject({
      outcome: 'Succeeded',
    });
    const there = await readTree(directory.at('remote/photos'));
    expect(Object.keys(there)).toHaveLength(4);
    expect(JSON.stringify(there)).not.toMatch(/trash|a\.txt|second/);
    const all = await localTask(directory, 'back', { encryption, direction: 'PULL', paths: [directory.at('back')] });
    await runTask(order('run-4', { task: all }), realTools(directory, { environment }, binary));
    expect(await readTree(directory.at('back'))).toEqual({
      ...{ 'a.txt': 'and the third', '.trash/run-2/a.txt': 'first', '.trash/run-2/b.txt': 'b' },
      '.trash/run-3/a.txt': 'the second',
    });
  });
});
