import { mkdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Direction, TaskSpec, TransferMode } from '../../src/model/task.ts';
import { runTask } from '../../src/run/run-task.ts';
import { taskSpec } from '../helper/build.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { localTask } from './local-task.ts';
import { rclones, realTools } from './real-run.ts';

const modes: readonly TransferMode[] = ['SYNC', 'COPY', 'MOVE'];
const environment = { ...process.env, PASSWORD: 'password' };
const encryption = { password: { fromEnv: 'PASSWORD' }, salt: null, filenames: true };

describe.each(rclones)('by %s', { timeout: 60_000 }, (binary) => {
  async function run(directory: TemporaryDirectory, part: Partial<TaskSpec>, dryRun = false) {
    const task = await localTask(directory, 'photos', part);
    return {
      task,
      go: () => runTask(order('photos-1', { task, dryRun }), realTools(directory, { environment }, binary)),
    };
  }

  test.each(modes)('a PULL %s from a folder that is not there is refused, and says which', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    for (const dryRun of [false, true]) {
      const { go } = await run(directory, { direction: 'PULL', transferMode }, dryRun);
      await rm(directory.at('remote/photos'), { recursive: true });
      expect(await go()).toMatchObject({
        ...{ outcome: 'Blocked', lastError: 'the source here:photos does not exist', retryable: false },
      });
    }
    expect(await readTree(directory.at('source'))).toEqual({ 'a.txt': 'a' });
  });

  test('so is one through an encryption', async () => {
    await using directory = await temporaryDirectory();
    const { go } = await run(directory, { direction: 'PULL', transferMode: 'MOVE', encryption });
    await rm(directory.at('remote/photos'), { recursive: true });
    expect(await go()).toMatchObject({ outcome: 'Blocked', lastError: 'the source here:photos does not exist' });
  });

  test.each(['COPY', 'MOVE'] as const)('a PULL %s from an empty folder is nothing to do', async (transferMode) => {
    await using directory = await temporaryDirectory();
    const { go } = await run(directory, { direction: 'PULL', transferMode });
    expect(await go()).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 0 } });
  });
});

describe.each(['PUSH', 'PULL'] as const satisfies readonly Direction[])('the marker of a %s', (direction) => {
  function marked(part: Partial<TaskSpec> = {}): Partial<TaskSpec> {
    return { direction, safety: { ...taskSpec().safety, requireMarker: '.mounted' }, ...part };
  }

  async function runs(directory: TemporaryDirectory, part: Partial<TaskSpec>) {
    const heard = realTools(directory);
    const ending = await runTask(order('photos-1', { task: await localTask(directory, 'photos', part) }), heard);
    return { ...ending, processes: heard.pids.length };
  }

  test.each(modes)('is missing: no %s begins', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    await writeTree(directory.at('remote/photos'), { 'b.txt': 'b' });
    const before = await readTree(directory.path);
    expect(await runs(directory, marked({ transferMode }))).toMatchObject({
      ...{ outcome: 'Blocked', retryable: false, processes: 0 },
      lastError: `the marker ${directory.at('source/.mounted')} is missing (spec.safety.requireMarker); check that the disk is mounted`,
    });
    expect(await readTree(directory.path)).toEqual(before);
  });

  test('is there: the run goes on, and neither copies nor deletes it', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a', '.mounted': '' });
    await writeTree(directory.at('remote/photos'), { 'b.txt': 'b' });
    expect(await runs(directory, marked({ transferMode: 'SYNC' }))).toMatchObject({ outcome: 'Succeeded' });
    const files = direction === 'PUSH' ? { 'a.txt': 'a' } : { 'b.txt': 'b' };
    expect(await readTree(directory.at('source'))).toEqual({ '.mounted': '', ...files });
    expect(await readTree(directory.at('remote/photos'))).toEqual(files);
  });

  test('may be made by the pre-script, and may be a directory', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('remote/photos'), { recursive: true });
    const preScript = `mkdir ${directory.at('source/.mounted')}`;
    expect(await runs(directory, marked({ preScript }))).toMatchObject({ outcome: 'Succeeded' });
  });
});
