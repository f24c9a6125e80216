import { utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { meddlingRclone, rememberedRuns } from '../../run/remembered-run.ts';

const whole = 'the whole of a file that takes its time';
const flags = ['ignore-existing', 'update', 'immutable'] as const;

/** In its first transfer, rclone is killed with a part of a file under its final name, as versions before 1.63 leave it. */
function dying(directory: TemporaryDirectory): Promise<string> {
  const file = directory.at('remote/photos/sub/a.txt');
  const cut = `mkdir -p '${directory.at('remote/photos/sub')}'; printf 'the who' > '${file}'`;
  return meddlingRclone(directory, `if [ "$runs" = 1 ]; then ${cut}; kill -9 $$; fi`);
}

describe.concurrent.each(['COPY', 'SYNC'] as const)('a file that a %s left cut off', (transferMode) => {
  async function cutOff(directory: TemporaryDirectory, flag: string, limit: number) {
    await writeTree(directory.at('source'), { 'sub/a.txt': whole, 'b.txt': 'b', 'theirs.txt': 'ours' });
    const yesterday = new Date(Date.now() - 86_400_000);
    await utimes(directory.at('source/sub/a.txt'), yesterday, yesterday);
    const kept: Readonly<Record<string, string>> = flag === 'ignore-existing' ? { 'theirs.txt': 'kept as it is' } : {};
    const rcloneFlags = { [flag]: true };
    const task = await localTask(directory, 'photos', { transferMode, rcloneFlags, retry: { limit, backoffMs: 1 } });
    await writeTree(directory.at('remote/photos'), kept);
    return { task, expected: { 'b.txt': 'b', 'sub/a.txt': whole, 'theirs.txt': 'ours', ...kept } };
  }

  test.for(flags)('is written again by the next attempt, with %s', async (flag) => {
    await using directory = await temporaryDirectory();
    const { task, expected } = await cutOff(directory, flag, 1);
    const { run } = rememberedRuns(directory);
    const { ending } = await run(task, {}, await dying(directory));
    expect(ending).toMatchObject({ outcome: 'Succeeded', attempt: 2 });
    expect(await readTree(directory.at('remote/photos'))).toEqual(expected);
  });

  test.for(flags)('is written again by the next run, with %s, and the dry run says so', async (flag) => {
    await using directory = await temporaryDirectory();
    const { task, expected } = await cutOff(directory, flag, 0);
    const runs = rememberedRuns(directory);
    const first = await runs.run(task, {}, await dying(directory));
    expect(first.ending).toMatchObject({ outcome: 'Failed', attempt: 1 });
    expect(runs.memory.unfinished).toMatchObject({ paths: expect.arrayContaining(['sub/a.txt']) });
    const dry = await runs.run(task, { dryRun: true });
    const told = dry.heard.events.flatMap((event) => (event.type === 'RunChange' ? [event.change.path] : []));
    expect(told).toContain('sub/a.txt');
    expect(new Set(told).size).toBe(told.length);

    expect((await runs.run(task)).ending).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual(expected);
    expect(runs.memory.unfinished).toBeNull();
    expect((await runs.run(task)).ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 0 } });
  });
});
