import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../../src/model/desired.ts';
import type { Safety, TaskSpec } from '../../../src/model/task.ts';
import type { Ending } from '../../../src/run/ending.ts';
import type { RunOrder } from '../../../src/run/run-order.ts';
import { runTask } from '../../../src/run/run-task.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { order } from '../book.ts';
import { type Heard, localTask, rclone } from '../local-task.ts';
import { rclones, realTools } from '../real-run.ts';

function named(count: number, prefix = 'file'): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}-${index}`, 'content']));
}

function syncTask(
  directory: TemporaryDirectory,
  safety: Partial<Safety> = {},
  part: Partial<TaskSpec> = {},
): Promise<ResolvedTask> {
  return localTask(directory, 'photos', {
    ...{ transferMode: 'SYNC', safety: { ...taskSpec().safety, ...safety } },
    ...part,
  });
}

/** The source holds some of what the destination holds. */
async function sides(directory: TemporaryDirectory, source: number, destination: number): Promise<void> {
  await writeTree(directory.at('source'), named(source));
  await writeTree(directory.at('remote/photos'), named(destination));
}

interface Ran {
  readonly ending: Ending;
  readonly heard: Heard;
  /** How many files are at the destination afterwards. */
  readonly left: number;
}

describe.each(rclones)('a SYNC by %s', { timeout: 60_000 }, (binary) => {
  async function run(directory: TemporaryDirectory, task: ResolvedTask, part: Partial<RunOrder> = {}): Promise<Ran> {
    const heard = realTools(directory, {}, binary);
    const ending = await runTask(order('photos-1', { task, ...part }), heard);
    return { ending, heard, left: Object.keys(await readTree(directory.at('remote/photos'))).length };
  }

  test('that would delete more than it may is refused: nothing is touched, and it says how to go on', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 4, 12);
    await directory.write('source/new', 'new');
    const before = await readTree(directory.at('remote'));
    const { ending } = await run(directory, await syncTask(directory));
    expect(ending).toMatchObject({
      ...{ outcome: 'Blocked', retryable: false, stats: { deletes: 0, transfers: 0 } },
      lastError:
        'SYNC would delete 8 of the 12 files at the destination, and safety.maxDelete is 50 %, which is 6; ' +
        '"cloudsync run photos --dry-run" shows them, "cloudsync run photos --allow-deletes 8" lets one run pass',
    });
    expect(await readTree(directory.at('remote'))).toEqual(before);
  });

  test('that would delete as many as it may is not', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 6, 12);
    const ran = await run(directory, await syncTask(directory));
    expect(ran).toMatchObject({ ending: { outcome: 'Succeeded', stats: { deletes: 6 } }, left: 6 });
  });

  test('is allowed by hand as many deletions as are named, and no more', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 4, 12);
    const task = await syncTask(directory, { maxDelete: { kind: 'count', count: 2 } });
    expect(await run(directory, task, { allowDeletes: 7 })).toMatchObject({
      ending: {
        outcome: 'Blocked',
        lastError: expect.stringMatching(/would delete 8 of the 12 .*, and 7 are allowed; /),
      },
      left: 12,
    });
    expect(await run(directory, task)).toMatchObject({ ending: { outcome: 'Blocked' }, left: 12 });
    expect(await run(directory, task, { allowDeletes: 8 })).toMatchObject({
      ending: { outcome: 'Succeeded' },
      left: 4,
    });
    await writeTree(directory.at('remote/photos'), named(12));
    expect(await run(directory, task)).toMatchObject({ ending: { outcome: 'Blocked' }, left: 12 });
  });

  test('with a percentage may always delete three files, and no more than its share of few files', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 1, 4);
    const task = await syncTask(directory);
    expect(await run(directory, task)).toMatchObject({ ending: { outcome: 'Succeeded' }, left: 1 });
    await writeTree(directory.at('remote/photos'), named(9));
    expect(await run(directory, task)).toMatchObject({ ending: { outcome: 'Blocked' }, left: 9 });
    const none = await syncTask(directory, { maxDelete: { kind: 'percentage', percentage: 0 } });
    await sides(directory, 8, 9);
    expect(await run(directory, none)).toMatchObject({ ending: { outcome: 'Blocked' }, left: 9 });
  });

  test('of filters that leave nothing at the source is refused where the destination holds such files', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    await writeTree(directory.at('remote/photos'), { 'b.jpg': 'b', 'c.txt': 'c' });
    const task = await syncTask(directory, { preflight: 'never' }, { include: ['*.jpg'] });
    const refused = await run(directory, task);
    expect(refused).toMatchObject({
      ending: {
        outcome: 'Blocked',
        lastError: expect.stringContaining('would delete every file at the destination (1)'),
      },
      left: 2,
    });
    expect(refused.ending.lastError).toContain('spec.safety.allowEmptySource');
    const dry = await run(directory, task, { dryRun: true });
    expect(dry.ending).toMatchObject({
      ...{ outcome: 'Blocked', lastError: `a real run would be refused: ${refused.ending.lastError}` },
    });
    const allowed = await syncTask(directory, { allowEmptySource: true }, { include: ['*.jpg'] });
    expect((await run(directory, allowed)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 1 } });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'c.txt': 'c' });
    expect((await run(directory, task)).ending).toMatchObject({ outcome: 'Succeeded' });
  });

  test('of an emptied source may be allowed, and is still held to its limit', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 0, 12);
    const held = await syncTask(directory, { allowEmptySource: true });
    expect(await run(directory, held)).toMatchObject({ ending: { outcome: 'Blocked' }, left: 12 });
    const free = await syncTask(directory, {
      allowEmptySource: true,
      maxDelete: { kind: 'percentage', percentage: 100 },
    });
    expect(await run(directory, free)).toMatchObject({ ending: { outcome: 'Succeeded' }, left: 0 });
  });

  test('is held to its limit in both directions', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), named(12));
    await writeTree(directory.at('remote/photos'), named(4));
    const task = await syncTask(directory, {}, { direction: 'PULL' });
    expect((await run(directory, task)).ending).toMatchObject({ outcome: 'Blocked' });
    expect(Object.keys(await readTree(directory.at('source')))).toHaveLength(12);
    expect((await run(directory, task, { allowDeletes: 8 })).ending).toMatchObject({ outcome: 'Succeeded' });
    expect(Object.keys(await readTree(directory.at('source')))).toHaveLength(4);
  });

  test('as a dry run tells all, says that a real run would be refused, and names the same commands', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 4, 12);
    const task = await syncTask(directory);
    const real = await run(directory, task);
    const dry = await run(directory, task, { dryRun: true });
    expect(dry).toMatchObject({
      ending: {
        outcome: 'Blocked',
        lastError: `a real run would be refused: ${real.ending.lastError}`,
      },
      left: 12,
    });
    const told = dry.heard.events.filter((event) => event.type === 'RunChange' && event.change.action === 'delete');
    expect(told).toHaveLength(8);
    expect((await run(directory, task, { dryRun: true, allowDeletes: 8 })).ending.warnings).toEqual([]);
  });
});

describe('the rehearsal', () => {
  /** Runs of rclone that could change something: a rehearsal is one, the run itself is another. */
  async function spawned(directory: TemporaryDirectory, task: ResolvedTask, part: Partial<RunOrder> = {}) {
    const heard = realTools(directory);
    const ending = await runTask(order('photos-1', { task, ...part }), heard);
    return { ending, processes: heard.pids.length };
  }

  test.each([
    ['always', 2],
    ['never', 1],
  ] as const)('by %s: %d processes', async (preflight, processes) => {
    await using directory = await temporaryDirectory();
    await sides(directory, 13, 12);
    const ran = await spawned(directory, await syncTask(directory, { preflight }));
    expect(ran).toMatchObject({ ending: { outcome: 'Succeeded' }, processes });
  });

  test('is all there is where both sides are the same', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 12, 12);
    const task = await syncTask(directory);
    await spawned(directory, task);
    expect(await spawned(directory, task)).toMatchObject({
      ...{ ending: { outcome: 'Succeeded', exitCode: 0, stats: { checks: 12, transfers: 0 }, sourceFiles: 12 } },
      processes: 1,
    });
  });

  test('also looks where a small source meets a destination that others have filled', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 3, 3);
    await writeTree(directory.at('remote/photos'), named(30, 'of-others'));
    const ran = await spawned(directory, await syncTask(directory));
    expect(ran).toMatchObject({ ending: { outcome: 'Blocked' }, processes: 1 });
    expect(Object.keys(await readTree(directory.at('remote/photos')))).toHaveLength(33);
  });

  test('left out, rclone stops at the limit all the same', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), named(12, 'renamed'));
    await writeTree(directory.at('remote/photos'), named(12));
    const { ending } = await spawned(directory, await syncTask(directory, { preflight: 'never' }));
    expect(ending).toMatchObject({ outcome: 'Failed', exitCode: 7, retryable: false });
    // The way on, which the latch asks for.
    expect(ending.lastError).toContain('--allow-deletes');
    const left = Object.keys(await readTree(directory.at('remote/photos')));
    expect(left.filter((name) => name.startsWith('file-'))).toHaveLength(6);
  });

  test('bounds the run: what vanishes after it is not deleted', async () => {
    await using directory = await temporaryDirectory();
    await sides(directory, 12, 12);
    const real = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', rclone], { encoding: 'utf8' }).trim();
    const lost = Array.from({ length: 10 }, (_, index) => `'${directory.at('source', `file-${index}`)}'`).join(' ');
    const losing = `case "$*" in *--dry-run*) ;; copy*|sync*) rm -f ${lost} ;; esac`;
    const binary = await directory.write('rclone', `#!/bin/sh\n${losing}\nexec '${real}' "$@"\n`);
    await chmod(binary, 0o755);
    const heard = realTools(directory, {}, binary);
    const ending = await runTask(order('photos-1', { task: await syncTask(directory) }), heard);
    expect(ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 0 } });
    expect(Object.keys(await readTree(directory.at('source')))).toHaveLength(2);
    expect(Object.keys(await readTree(directory.at('remote/photos')))).toHaveLength(12);
  });
});
