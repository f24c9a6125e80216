import { chmod, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { runTask } from '../../../src/run/run-task.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { order } from '../../run/book.ts';
import { localTask, rclone } from '../../run/local-task.ts';
import { realTools, saidIn } from '../../run/real-run.ts';
import { meddlingRclone, rememberedRuns } from '../../run/remembered-run.ts';

function syncTask(directory: TemporaryDirectory, part: Partial<TaskSpec> = {}) {
  return localTask(directory, 'photos', { transferMode: 'SYNC', ...part });
}

describe.concurrent('a SYNC of which something cannot be read', () => {
  test('sends everything else, deletes nothing, fails, and names what it could not read', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'new', 'sub/b.txt': 'b' });
    await symlink('nowhere', directory.at('source/dangling'));
    const task = await syncTask(directory, { followSymlinks: true });
    await writeTree(directory.at('remote/photos'), { 'old.txt': 'old', 'a.txt': 'older' });
    const { run } = rememberedRuns(directory);
    const { ending } = await run(task);
    expect(ending).toMatchObject({ outcome: 'Failed', stats: { deletes: 0, transfers: 2 } });
    expect(ending.lastError).toMatch(/dangling.*what could be read was sent, and nothing was deleted$/);
    const tree = { 'a.txt': 'new', 'old.txt': 'old', 'sub/b.txt': 'b' };
    expect(await readTree(directory.at('remote/photos'))).toEqual(tree);
    expect((await run(task, { dryRun: true })).ending).toMatchObject({ outcome: 'Failed' });

    await rm(directory.at('source/dangling'));
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 1 } });
  });

  test('does not go on where the whole of a side is out of reach', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    const task = await syncTask(directory);
    await rm(directory.at('remote/photos'), { recursive: true });
    await directory.write('remote/photos', 'a file where the folder should be');
    const { ending, heard } = await rememberedRuns(directory).run(task);
    expect(ending).toMatchObject({ outcome: 'Failed' });
    expect(ending.lastError).not.toContain('what could be read was sent');
    expect(heard.pids.length).toBeLessThanOrEqual(1);
  });
});

describe.concurrent('an attempt after one that was cut off', () => {
  test('keeps the good version that the first one set aside', async () => {
    await using directory = await temporaryDirectory();
    const safety = { ...taskSpec().safety, backupFolder: '.trash' };
    const task = await syncTask(directory, { safety, retry: { limit: 1, backoffMs: 1 } });
    await directory.write('source/a.txt', 'the new version, which is longer');
    await directory.write('remote/photos/a.txt', 'the good version');
    // What rclone does with a file that it is killed in: the old one is set aside, and the new one is cut off.
    const photos = directory.at('remote/photos');
    const cut = `mkdir -p '${photos}/.trash/photos-1'; mv '${photos}/a.txt' '${photos}/.trash/photos-1/a.txt'`;
    const script = `if [ "$runs" = 1 ]; then ${cut}; printf 'the new' > '${photos}/a.txt'; kill -9 $$; fi`;
    const { ending } = await rememberedRuns(directory).run(task, {}, await meddlingRclone(directory, script));
    expect(ending).toMatchObject({ outcome: 'Succeeded', attempt: 2 });
    expect(await readTree(photos)).toEqual({
      ...{ '.trash/photos-1.2/a.txt': 'the new', '.trash/photos-1/a.txt': 'the good version' },
      'a.txt': 'the new version, which is longer',
    });
  });
});

describe.concurrent('a path that', () => {
  test('was a file and is a directory now is refused, and the reverse', async () => {
    await using directory = await temporaryDirectory();
    const file = await directory.write('source/album', 'a file');
    const task = await syncTask(directory, { paths: [file] });
    await writeTree(directory.at('remote/photos'), { 'other-1': '1', 'other-2': '2' });
    const { run } = rememberedRuns(directory);
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded' });
    await rm(file);
    await mkdir(file);
    await directory.write('source/album/inside', 'x');
    for (const dryRun of [true, false]) {
      expect((await run(task, { dryRun })).ending).toMatchObject({
        ...{ outcome: 'Blocked', lastError: expect.stringMatching(/was a file .* and is a directory now/) },
      });
    }
    expect(Object.keys(await readTree(directory.at('remote/photos')))).toHaveLength(3);
  });

  test.for(['COPY', 'MOVE'] as const)('%s: had files and has none now is a warning', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a', 'b.txt': 'b' });
    const task = await localTask(directory, 'photos', { transferMode });
    const { run } = rememberedRuns(directory);
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded', warnings: [] });
    await rm(directory.at('source'), { recursive: true });
    await mkdir(directory.at('source'));
    expect((await run(task)).ending).toMatchObject({
      ...{ outcome: 'SucceededWithWarnings', warnings: [expect.stringContaining('it held at least 2 files')] },
    });
    expect((await run(task)).ending).toMatchObject({ outcome: 'Succeeded', warnings: [] });
  });
});

describe.concurrent('a file in the way of a folder', () => {
  test.for([
    ['a folder', { 'x/a.txt': 'a' }, { x: 'file' }, 'x is a file at the destination and a folder at the source'],
    ['a file', { x: 'file' }, { 'x/a.txt': 'a' }, 'x is a folder at the destination and a file at the source'],
  ] as const)('where the source has %s: the dry run foretells what the run says', async ([, source, there, said]) => {
    await using directory = await temporaryDirectory();
    const task = await syncTask(directory);
    await writeTree(directory.at('source'), source);
    await writeTree(directory.at('remote/photos'), there);
    const { run } = rememberedRuns(directory);
    expect((await run(task, { dryRun: true })).ending).toMatchObject({
      ...{ outcome: 'SucceededWithWarnings', warnings: [expect.stringContaining(said)] },
    });
    const { ending } = await run(task);
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining(said) });
    expect(await readTree(directory.at('remote/photos'))).toEqual(there);
  });
});

describe.concurrent('a run that is stopped while it counts', () => {
  test.for([
    ['Aborted', (heard: ReturnType<typeof realTools>) => heard.controller.abort('Aborted')],
    ['TimedOut', (heard: ReturnType<typeof realTools>) => heard.clock.advance(2000)],
  ] as const)('ends as %s, and nothing is changed', async ([outcome, stop]) => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'a');
    const task = await syncTask(directory, { timeoutMs: 2000, retry: { limit: 3, backoffMs: 1 } });
    const binary = await directory.write(
      'slow-rclone',
      `#!/bin/sh\ncase "$*" in *--dry-run*) exec sleep 1000 ;; *) exec '${rclone}' "$@" ;; esac\n`,
    );
    await chmod(binary, 0o755);
    const heard = realTools(directory, {}, binary);
    const tools = {
      ...heard,
      async onSpawned(pid: number) {
        heard.pids.push(pid);
        stop(heard);
      },
    };
    const ending = await runTask(order('photos-1', { task }), tools);
    expect(ending).toMatchObject({ outcome, attempt: 1, stats: { transfers: 0 } });
    await expect(stat(directory.at('remote/photos/a.txt'))).rejects.toThrow('ENOENT');
    expect(heard.clock.timers).toBe(0);
    expect(saidIn(heard)).not.toContain('trying again');
  });
});
