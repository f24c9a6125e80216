import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Cloudsync } from '../helper/cloudsync.ts';
import { writeTree } from '../helper/file-tree.ts';
import { addTask, jsonFile, openWithTask } from '../helper/task.ts';

interface Status {
  readonly status: {
    readonly verified?: object | null;
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

async function openAfterRun(spec: Readonly<Record<string, unknown>> = {}): Promise<Cloudsync> {
  const cloudsync = await openWithTask(spec, { 'a.txt': 'one', 'b.txt': 'two' });
  expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
  return cloudsync;
}

function statusOf(cloudsync: Cloudsync, wanted: (file: Status) => boolean = () => true): Promise<Status> {
  return jsonFile<Status>(cloudsync.directory.at('tasks.d/photos.status.json'), wanted);
}

function verified({ status }: Status): unknown {
  return status.conditions.find(({ type }) => type === 'Verified');
}

describe.concurrent('check', () => {
  test('finds a changed byte and an extra file, and the status keeps it', async () => {
    await using cloudsync = await openAfterRun({ transferMode: 'SYNC' });
    expect(verified(await statusOf(cloudsync))).toBeUndefined();

    const equal = await cloudsync.run('check', 'photos');
    expect(equal).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 equal by hash, 0 differing') });
    expect(verified(await statusOf(cloudsync))).toMatchObject({ status: 'True', reason: 'SidesEqual' });

    await writeTree(cloudsync.directory.at('cloud/photos'), { 'b.txt': 'tvo', 'c.txt': 'three' });
    const { exitCode, document } = await cloudsync.json('check', 'photos');

    expect(exitCode).toBe(1);
    expect(document).toMatchObject({
      ...{ task: 'photos', verdict: 'Different', method: 'hash', trigger: 'manual', finishedAt: expect.any(String) },
      counts: { equal: 1, differing: 1, missing: 0, extra: 1, errors: 0 },
      files: expect.arrayContaining([
        { found: 'differing', path: 'b.txt' },
        { found: 'extra', path: 'c.txt' },
      ]),
    });
    const status = await statusOf(cloudsync);
    expect(verified(status)).toMatchObject({ status: 'False', reason: 'SidesDiffer' });
    expect(status.status.verified).toMatchObject({ equal: 1, differing: 1, extra: 1, at: expect.any(String) });
    const { document: history } = await cloudsync.json<readonly object[]>('history', 'photos');
    expect(history).toHaveLength(1);
  });

  test('reads files back in full when asked to, and is of one version of the task and one run', async () => {
    await using cloudsync = await openAfterRun();
    const { exitCode, document } = await cloudsync.json('check', 'photos', '--sample', '1');
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ verdict: 'Equal', sample: { read: 1, equal: 1 }, equalBy: { hash: 2 } });
    expect(await statusOf(cloudsync)).toMatchObject({
      status: { verified: { current: true, verdict: 'Equal', sample: { read: 1, equal: 1, failed: [] } } },
    });
    const full = await cloudsync.json('check', 'photos', '--download');
    expect(full.document).toMatchObject({ verdict: 'Equal', method: 'content', equalBy: { content: 2 }, sample: null });
    expect(await cloudsync.run('check', 'photos', '--sample', 'some')).toMatchObject({ exitCode: 64 });

    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
    expect(verified(await statusOf(cloudsync))).toMatchObject({ status: 'Unknown', reason: 'RunSince' });
    await cloudsync.run('check', 'photos');
    expect(verified(await statusOf(cloudsync))).toMatchObject({ status: 'True' });
    await addTask(cloudsync, 'photos', { remote: { credential: 'here', folder: 'elsewhere' } });
    expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 0 });
    expect(verified(await statusOf(cloudsync))).toMatchObject({ status: 'Unknown', reason: 'SpecChanged' });
  });

  test('goes through a daemon, and is remembered over its restart', async () => {
    await using cloudsync = await openAfterRun();
    const first = await cloudsync.daemon();

    expect(await cloudsync.run('check', 'photos')).toMatchObject({ exitCode: 0 });
    await first.logged('CheckFinished', { task: 'photos', verdict: 'Equal', trigger: 'manual' });
    expect(await first.stop()).toBe(0);
    await rm(cloudsync.directory.at('tasks.d/photos.status.json'));
    await cloudsync.daemon();

    const status = await statusOf(cloudsync, (file) => verified(file) !== undefined);
    expect(status.status.verified).toMatchObject({ equal: 2, missing: 0 });
  });

  test('comes by a schedule of its own, beside that of the runs', async () => {
    await using cloudsync = await openAfterRun({ schedule: 'monthly', verify: { schedule: '* * * * * *', sample: 1 } });
    const daemon = await cloudsync.daemon();

    const first = await daemon.logged('CheckFinished', { task: 'photos', trigger: 'schedule', verdict: 'Equal' });
    expect(first).toMatchObject({ sample: { read: 1, equal: 1, failed: [] } });
    await daemon.logged('CheckFinished', { task: 'photos', trigger: 'schedule' }, daemon.lines.indexOf(first) + 1);

    await statusOf(cloudsync, (file) => verified(file) !== undefined);
    expect(daemon.lines.filter(({ event }) => event === 'RunStarted')).toEqual([]);
    expect(await daemon.stop()).toBe(0);
  });

  test('of no task ends with 1', async () => {
    await using cloudsync = await openAfterRun();
    expect(await cloudsync.run('check', 'photo')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('no task photo') },
    });
  });
});
