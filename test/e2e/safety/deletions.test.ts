import { rename, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Safety, TaskSpec } from '../../../src/model/task.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { meddlingRclone, rememberedRuns } from '../../run/remembered-run.ts';

function named(count: number, prefix = 'file'): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}-${index}`, `${prefix} ${index}`]));
}

async function namesAt(directory: TemporaryDirectory): Promise<readonly string[]> {
  return Object.keys(await readTree(directory.at('remote/photos')));
}

function syncTask(directory: TemporaryDirectory, part: Partial<TaskSpec> = {}, safety: Partial<Safety> = {}) {
  const whole = { ...taskSpec().safety, ...safety };
  return localTask(directory, 'photos', { transferMode: 'SYNC', safety: whole, ...part });
}

/** Both sides hold the same files, and a run has said so. */
async function synced(directory: TemporaryDirectory, count: number, part: Partial<TaskSpec> = {}) {
  await writeTree(directory.at('source'), named(count));
  const task = await syncTask(directory, part);
  const runs = rememberedRuns(directory);
  expect((await runs.run(task)).ending).toMatchObject({ outcome: 'Succeeded' });
  return { ...runs, task, run: runs.run };
}

const removing = (path: string) => `rm -f '${path}'`;

describe.concurrent('a SYNC whose source has other files than before', () => {
  test('all of them renamed: it is refused each time, by the dry run as well, and nothing is deleted', async () => {
    await using directory = await temporaryDirectory();
    const { run, task } = await synced(directory, 100);
    for (const name of Object.keys(named(100))) {
      await rename(directory.at('source', name), directory.at('source', `${name}.locked`));
    }
    for (let count = 0; count < 3; count += 1) {
      const { ending } = await run(task);
      expect(ending).toMatchObject({ outcome: 'Blocked', stats: { deletes: 0 } });
      expect(ending.lastError).toMatch(/^SYNC would delete 100 of the 100 files .* 50 %, which is 50; /);
      expect((await run(task, { dryRun: true })).ending).toMatchObject({
        ...{ outcome: 'Blocked', lastError: `a real run would be refused: ${ending.lastError}` },
      });
    }
    expect(await namesAt(directory)).toHaveLength(100);
  });

  test('others have put files at the destination: it is refused each time', async () => {
    await using directory = await temporaryDirectory();
    const { run, task } = await synced(directory, 10);
    await writeTree(directory.at('remote/photos'), named(30, 'of-others'));
    for (let count = 0; count < 3; count += 1) expect((await run(task)).ending).toMatchObject({ outcome: 'Blocked' });
    expect(await namesAt(directory)).toHaveLength(40);
  });

  test('up to three deletions are not refused by a percentage', async () => {
    await using directory = await temporaryDirectory();
    const { run, task } = await synced(directory, 4);
    for (const index of [0, 1, 2]) await rm(directory.at('source', `file-${index}`));
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 3 } });
  });
});

describe.concurrent('a SYNC whose source loses files after the rehearsal', () => {
  test('deletes none that the rehearsal did not count', async () => {
    await using directory = await temporaryDirectory();
    const { run, task } = await synced(directory, 9);
    await directory.write('source/new', 'new');
    const binary = await meddlingRclone(directory, `rm -rf '${directory.at('source')}'/*`);
    const { ending } = await run(task, {}, binary);
    expect(ending.stats.deletes).toBe(0);
    expect(await namesAt(directory)).toEqual(expect.arrayContaining(Object.keys(named(9))));
    expect((await run(task)).ending).toMatchObject({ outcome: 'Blocked' });
    expect(await namesAt(directory)).toHaveLength(9);
  });

  test('and is stopped at the bound: nothing more is deleted until a person allows it', async () => {
    await using directory = await temporaryDirectory();
    // Where case is ignored, a run cannot be held to names, and its number of deletions is the bound.
    const { run, task } = await synced(directory, 20, { rcloneFlags: { 'ignore-case-sync': true } });
    await directory.write('source/file-0', 'changed, and longer');
    const { ending } = await run(task, {}, await meddlingRclone(directory, removing(directory.at('source/file-0'))));
    expect(ending).toMatchObject({ outcome: 'Failed', exitCode: 7, retryable: false, stats: { deletes: 0 } });
    expect(ending.lastError).toMatch(/nothing more is deleted until somebody allows it.*--allow-deletes N"/);
    expect(await namesAt(directory)).toHaveLength(20);

    const refused = await run(task);
    expect(refused.ending).toMatchObject({ outcome: 'Blocked' });
    expect(refused.ending.lastError).toMatch(/nothing more is deleted until somebody allows it.*--allow-deletes 1"/);
    expect((await run(task, { dryRun: true })).ending).toMatchObject({ outcome: 'Blocked' });
    await directory.write('source/file-0', 'file 0');
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded' });
    await rm(directory.at('source/file-1'));
    expect((await run(task)).ending).toMatchObject({ outcome: 'Blocked' });
    expect((await run(task, { allowDeletes: 1 })).ending).toMatchObject({ outcome: 'Succeeded' });
    await rm(directory.at('source/file-2'));
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 1 } });
  });

  test('a change of the spec ends that, too', async () => {
    await using directory = await temporaryDirectory();
    const flags = { rcloneFlags: { 'ignore-case-sync': true } };
    const { run, task } = await synced(directory, 20, flags);
    await directory.write('source/file-0', 'changed, and longer');
    await run(task, {}, await meddlingRclone(directory, removing(directory.at('source/file-0'))));
    const changed = await syncTask(directory, { ...flags, description: 'file-0 may go' });
    expect((await run(changed)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 1 } });
  });
});

describe.concurrent('a SYNC that is killed while it deletes', () => {
  /** Deletes five of the files that are gone at the source, logs four of them, and dies. */
  function dying(directory: TemporaryDirectory, first: number): string {
    const lines = Array.from({ length: 5 }, (_, index) => {
      const name = `file-${first + index}`;
      const line = JSON.stringify({ level: 'info', msg: 'Deleted', object: name, objectType: '*local.Object' });
      return `rm -f '${directory.at('remote/photos', name)}'; ${index < 4 ? `echo '${line}' >&2` : ''}`;
    });
    return [...lines, 'kill -9 $$'].join('\n');
  }

  async function lose(directory: TemporaryDirectory, from: number, to: number): Promise<void> {
    for (let index = from; index < to; index += 1) await rm(directory.at('source', `file-${index}`), { force: true });
  }

  test('has one bound for all attempts', async () => {
    await using directory = await temporaryDirectory();
    const { run, task } = await synced(directory, 40, { retry: { limit: 2, backoffMs: 1 } });
    await lose(directory, 0, 10);
    const script = [
      `if [ "$runs" = 1 ]; then\n${dying(directory, 0)}\nfi`,
      `rm -f '${directory.at('source')}'/file-2*`,
    ].join('\n');
    const { ending, heard } = await run(task, {}, await meddlingRclone(directory, script));
    expect(ending.attempt).toBeGreaterThan(1);
    expect(heard.pids.length).toBeGreaterThan(2);
    expect((await namesAt(directory)).length).toBeGreaterThanOrEqual(30);
  });

  test('does not delete the limit again with each run', async () => {
    await using directory = await temporaryDirectory();
    const { run, task } = await synced(directory, 40);
    await lose(directory, 0, 18);
    await run(task, {}, await meddlingRclone(directory, dying(directory, 0)));
    // Half of what is left would be 17, and 18 of 40 are spoken for already.
    await lose(directory, 18, 24);
    const { ending } = await run(task);
    expect(ending).toMatchObject({ outcome: 'Blocked' });
    expect(ending.lastError).toMatch(/after 5 of 40 by runs that did not come to their end, and .* which is 20; /);
    expect(await namesAt(directory)).toHaveLength(35);
  });

  test('is gone on with by the next run, as what both want to delete counts once', async () => {
    await using directory = await temporaryDirectory();
    const { run, task } = await synced(directory, 40);
    await lose(directory, 0, 18);
    await run(task, {}, await meddlingRclone(directory, dying(directory, 0)));
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 13 } });
    await lose(directory, 18, 22);
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 4 } });
  });

  test('without a rehearsal, has the limit once for all runs', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), named(40));
    const task = await syncTask(directory, {}, { preflight: 'never', maxDelete: { kind: 'count', count: 12 } });
    const { run } = rememberedRuns(directory);
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded' });
    await lose(directory, 0, 30);
    await run(task, {}, await meddlingRclone(directory, dying(directory, 0)));
    for (let count = 0; count < 3; count += 1) await run(task);
    expect((await namesAt(directory)).length).toBeGreaterThanOrEqual(28);
  });
});

test('with nothing to do, the rehearsal is the run', async () => {
  await using directory = await temporaryDirectory();
  const { run, task } = await synced(directory, 5);
  const { ending, heard } = await run(task);
  expect(ending).toMatchObject({ outcome: 'Succeeded', exitCode: 0, stats: { checks: 5, transfers: 0 } });
  expect(heard.pids).toHaveLength(1);
});
