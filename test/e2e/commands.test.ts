import { describe, expect, test } from 'vitest';
import { openCloudsync } from '../helper/cloudsync.ts';
import { jsonFile, openWithTask } from '../helper/task.ts';

interface StatusDocument {
  readonly daemon: object;
  readonly tasks: readonly object[];
}

describe.concurrent('status', () => {
  test('without a daemon tells what was last known', async () => {
    await using cloudsync = await openWithTask({ schedule: { cron: '0 2 * * *', timeZone: 'Europe/Berlin' } });
    await cloudsync.run('apply');
    await cloudsync.run('run', 'photos');

    const { document, exitCode } = await cloudsync.json<StatusDocument>('status');

    expect(exitCode).toBe(0);
    expect(document.daemon).toMatchObject({ running: false, pid: null });
    expect(document.tasks).toMatchObject([
      {
        ...{ apiVersion: 'cloudsync/v1', kind: 'CloudSyncTaskStatus' },
        metadata: { name: 'photos', manifest: 'photos.yaml' },
        status: {
          ...{ sync: 'Synced', activeRun: null, consecutiveFailures: 0 },
          lastRun: { trigger: 'manual', outcome: 'Succeeded', stats: { transfers: 1 }, lastError: null },
        },
      },
    ]);
    expect((await cloudsync.run('status')).stderr).toContain('No daemon is running');
  });

  test('beside a daemon says who it is, and when a task is due', async () => {
    await using cloudsync = await openWithTask({ schedule: { cron: '0 2 * * *', timeZone: 'Europe/Berlin' } });
    const daemon = await cloudsync.daemon();
    await jsonFile(cloudsync.directory.at('tasks.d/photos.status.json'));

    const { document } = await cloudsync.json<StatusDocument>('status', 'photos');

    expect(document.daemon).toMatchObject({ running: true, pid: daemon.pid, version: expect.any(String) });
    expect(document.tasks).toMatchObject([
      {
        status: {
          ...{ sync: 'Synced', applied: { generation: 1 }, lastRun: null },
          schedule: { next: expect.stringMatching(/T0[01]:00:00/) },
        },
      },
    ]);
    expect((await cloudsync.run('status')).stdout).toContain('photos');
  });

  test('of a task that there is not ends with 1', async () => {
    await using cloudsync = await openWithTask({ schedule: { cron: '0 2 * * *', timeZone: 'Europe/Berlin' } });

    expect(await cloudsync.run('status', 'music')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('music') },
    });
  });
});

test.concurrent('next tells the times of what was applied', async () => {
  await using cloudsync = await openWithTask({ schedule: { cron: '0 2 * * *', timeZone: 'Europe/Berlin' } });
  await cloudsync.run('apply');

  const { document } = await cloudsync.json<readonly object[]>('next', '--count', '3');

  expect(document).toHaveLength(3);
  expect(document[0]).toEqual({
    ...{ task: 'photos', timeZone: 'Europe/Berlin' },
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT0[01]:00:00\.000Z$/),
  });
  expect((await cloudsync.run('next', 'photos')).stdout).toContain('photos');
  expect(await cloudsync.run('next', 'music')).toMatchObject({ exitCode: 1 });
});

test.concurrent('history and logs tell of each run, newest first', async () => {
  await using cloudsync = await openWithTask({ schedule: { cron: '0 2 * * *', timeZone: 'Europe/Berlin' } });
  const first = await cloudsync.json<{ readonly id: string }>('run', 'photos');
  const second = await cloudsync.json<{ readonly id: string }>('run', 'photos');

  const { document } = await cloudsync.json<readonly { readonly id: string }[]>('history', 'photos');
  expect(document.map(({ id }) => id)).toEqual([second.document.id, first.document.id]);

  const latest = await cloudsync.run('logs', 'photos');
  expect(latest.stdout).toContain(second.document.id);
  const older = await cloudsync.run('-o', 'json', 'logs', 'photos', '--run', first.document.id);
  const lines = older.stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'RunStarted', runId: first.document.id }),
      expect.objectContaining({
        type: 'RunChange',
        change: expect.objectContaining({ action: 'copy', path: 'letter.txt' }),
      }),
      expect.objectContaining({ type: 'RunFinished', record: expect.objectContaining({ outcome: 'Succeeded' }) }),
    ]),
  );
  expect(await cloudsync.run('logs', 'photos', '--run', 'none')).toMatchObject({ exitCode: 1 });
  expect(await cloudsync.run('logs', 'music')).toMatchObject({ exitCode: 1 });
});

test.concurrent.for(['task', 'credential', 'status'])('schema %s prints the published schema', async (kind) => {
  await using cloudsync = await openCloudsync();

  const { exitCode, stdout } = await cloudsync.run('schema', kind);

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
});

describe.concurrent('usage', () => {
  test.for([
    [[], 'Usage: cloudsync'],
    [['runn', 'photos'], 'Did you mean run?'],
    [['run'], "missing required argument 'name'"],
    [['run', 'photos', '--dryrun'], '--dry-run'],
    [['status', '-o', 'yaml'], 'text or json'],
    [['schema', 'tasks'], 'task, credential, status'],
    [['next', '--count', '0'], 'whole number'],
    [['status', '--max-concurrent-runs', '0'], 'whole number'],
    [['daemon', '--grace', 'long'], 'number of seconds'],
    [['approve-prune', 'everything'], 'hash'],
  ] as const)('%j ends with 64 and says what was expected', async ([parameters, words]) => {
    await using cloudsync = await openCloudsync();

    const { exitCode, stdout, stderr } = await cloudsync.run(...parameters);

    expect(exitCode).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('help and version end with 0', async () => {
    await using cloudsync = await openCloudsync();

    expect(await cloudsync.run('--help')).toMatchObject({
      ...{ exitCode: 0, stdout: expect.stringContaining('Exit codes:'), stderr: '' },
    });
    expect(await cloudsync.run('--version')).toMatchObject({
      ...{ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) },
    });
  });
});

test('a directory that is gone is named, and nothing else happens', async () => {
  await using cloudsync = await openCloudsync();
  const leave = ['sh', '-c', 'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$@"', 'sh'];
  expect(await cloudsync.start(['status'], leave).finished).toMatchObject({
    ...{ exitCode: 1, stderr: 'cloudsync: the directory that you are in is gone; change to another one\n' },
  });
});

test('the history of a task that never ran is empty, and of one that there is not an error', async () => {
  await using cloudsync = await openWithTask();
  expect(await cloudsync.run('history', 'photos')).toMatchObject({ exitCode: 0 });
  expect(await cloudsync.run('history', 'photso')).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining('there is no task photso; there is photos') },
  });
});

test.each([['next'], ['plan'], ['history', 'photos'], ['state', 'pull']])(
  '%s says that the state cannot be read',
  async (...words) => {
    await using cloudsync = await openWithTask();
    await cloudsync.directory.write('state/active.ndjson/in-its-place', '');
    const { exitCode, stderr } = await cloudsync.run(...words);
    expect(stderr).toMatch(
      /^cloudsync: What is active cannot be read from .+active\.ndjson: EISDIR: .+ A daemon sets it aside/,
    );
    expect(exitCode).toBe(1);
  },
);
