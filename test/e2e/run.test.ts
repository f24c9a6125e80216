import { describe, expect, test } from 'vitest';
import { openCloudsync } from '../helper/cloudsync.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { addCredential, openWithTask, rclonePid, ready, usePatientRclone } from '../helper/task.ts';

interface RunDocument {
  readonly id: string;
  readonly outcome: string;
  readonly changes?: readonly object[];
  readonly [field: string]: unknown;
}

describe.concurrent('without a daemon', () => {
  test('run does it, and leaves history, log and status', async () => {
    await using cloudsync = await openWithTask();

    const { document, exitCode } = await cloudsync.json<RunDocument>('run', 'photos');

    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      ...{ task: 'photos', trigger: 'manual', dryRun: false, outcome: 'Succeeded', exitCode: 0, lastError: null },
      stats: { transfers: 1, errors: 0 },
      log: `runs/photos/${document.id}.ndjson`,
    });
    expect(await readTree(cloudsync.directory.at('cloud'))).toEqual({ 'photos/letter.txt': 'a letter of photos\n' });
    const history = await cloudsync.json<readonly RunDocument[]>('history', 'photos');
    expect(history.document).toEqual([document]);
    const logs = await cloudsync.run('logs', 'photos');
    expect(logs.stdout).toContain('letter.txt');
    expect(logs.stdout).toContain('Succeeded');
    expect(Object.keys(await readTree(cloudsync.tasks))).toContain('photos.status.json');
  });

  test('a dry run gives the changes in the published shape, and leaves nothing', async () => {
    await using cloudsync = await openWithTask({ transferMode: 'SYNC' });
    await writeTree(cloudsync.directory.at('cloud/photos'), { 'old.jpg': 'gone at the source' });
    const before = await readTree(cloudsync.directory.path);

    const { document, exitCode } = await cloudsync.json<RunDocument>('run', 'photos', '--dry-run');
    const text = await cloudsync.run('run', 'photos', '--dry-run');

    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ id: expect.any(String), task: 'photos', dryRun: true, outcome: 'Succeeded' });
    expect(document).toHaveProperty('stats.errors', 0);
    expect(document.changes).toEqual(
      expect.arrayContaining([
        { action: 'copy', path: 'letter.txt', size: 19 },
        { action: 'delete', path: 'old.jpg', size: 18 },
      ]),
    );
    expect(text.stdout).toMatch(/letter\.txt.*old\.jpg|old\.jpg.*letter\.txt/s);
    expect(await readTree(cloudsync.directory.path)).toEqual(before);
  });

  test('a second run of a task meets the first', async () => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    const first = cloudsync.start(['run', 'photos']);
    const rclone = await rclonePid(cloudsync);

    const second = await cloudsync.run('run', 'photos');
    expect(second).toMatchObject({ exitCode: 75, stderr: expect.stringContaining('running already') });

    process.kill(rclone, 'SIGTERM');
    expect((await first.finished).exitCode).toBe(1);
  });

  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends rclone, and the run as aborted', async ([signal, exitCode]) => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    const running = cloudsync.start(['run', 'photos']);
    await rclonePid(cloudsync);

    process.kill(running.pid, signal);

    expect((await running.finished).exitCode).toBe(exitCode);
    const history = await cloudsync.json<readonly RunDocument[]>('history', 'photos');
    expect(history.document).toMatchObject([{ outcome: 'Aborted' }]);
  });

  test('an unknown task is named, with those that there are', async () => {
    await using cloudsync = await openWithTask();

    const { exitCode, stderr } = await cloudsync.run('run', 'photo');

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no task photo\b.*photos/s);
  });
});

describe.concurrent('beside a daemon', () => {
  test('run goes through it', async () => {
    await using cloudsync = await openWithTask();
    const daemon = await cloudsync.daemon();

    const { document, exitCode } = await cloudsync.json<RunDocument>('run', 'photos');

    expect(exitCode).toBe(0);
    const line = await daemon.logged('RunFinished', { task: 'photos' });
    expect(line).toMatchObject({ runId: document.id, trigger: 'manual', outcome: 'Succeeded' });
  });

  test('a dry run gives its changes too', async () => {
    await using cloudsync = await openWithTask();
    await cloudsync.daemon();

    const { document } = await cloudsync.json<RunDocument>('run', 'photos', '--dry-run');

    expect(document).toMatchObject({ outcome: 'Succeeded', dryRun: true });
    expect(document.changes).toContainEqual({ action: 'copy', path: 'letter.txt', size: 19 });
    expect(await readTree(cloudsync.directory.at('cloud'))).toEqual({});
  });

  test('a task in flight is busy, and abort ends it', async () => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    const daemon = await cloudsync.daemon();
    const running = cloudsync.start(['-o', 'json', 'run', 'photos']);
    await daemon.logged('RunLog', { line: ready });

    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 75 });
    expect(await cloudsync.run('abort', 'photos')).toMatchObject({ exitCode: 0 });

    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'Aborted', lastError: 'the run was aborted' });
    expect(await cloudsync.run('abort', 'photos')).toMatchObject({ exitCode: 1 });
  });

  test('an unknown task ends with 1', async () => {
    await using cloudsync = await openCloudsync();
    await addCredential(cloudsync);
    await cloudsync.daemon();

    expect(await cloudsync.run('run', 'photos')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('no task photos') },
    });
  });

  test('a second daemon names the first, and ends with 5', async () => {
    await using cloudsync = await openCloudsync();
    const daemon = await cloudsync.daemon();

    const { exitCode, stderr } = await cloudsync.run('daemon');

    expect(exitCode).toBe(5);
    expect(stderr).toContain(`process ${daemon.pid}`);
    expect(stderr).toContain('--state-dir');
  });
});

test.concurrent('abort where nothing runs ends with 5', async () => {
  await using cloudsync = await openCloudsync();

  expect(await cloudsync.run('abort', 'photos')).toMatchObject({
    ...{ exitCode: 5, stderr: expect.stringContaining('nothing runs') },
  });
});
