import { readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { isAlive, kill } from '../../helper/process-tree.ts';
import { scriptedRclone } from '../../helper/scripted-rclone.ts';
import { addTask, openWithTask, rclonePid, ready, sayReady, useScript } from '../../helper/task.ts';

/** In a program with this, an hour is over at SIGUSR2, and the half minute that rclone is given to end by itself at once. */
const hourOnSignal = `--import=data:text/javascript,${encodeURIComponent(`
  const { setTimeout: later } = globalThis;
  let isLate = false;
  globalThis.setTimeout = (act, ms, ...values) => {
    if (ms === 3_600_000) process.once('SIGUSR2', () => { isLate = true; act(); });
    return later(act, isLate && ms === 30_000 ? 200 : ms, ...values);
  };`)}`;

interface RunDocument {
  readonly outcome: string;
  readonly lastError: string;
  readonly log: string;
}

describe.concurrent('an rclone that cannot be used', () => {
  test.for(['missing', 'too old', 'another program'])('%s', async (kind) => {
    await using cloudsync = await openWithTask();
    const { directory } = cloudsync;
    const binaries = {
      missing: async () => directory.at('no-rclone'),
      'too old': () => scriptedRclone(directory, { version: 'rclone v1.53.3', steps: [] }),
      'another program': () => scriptedRclone(directory, { version: 'rsync 3.2.7', steps: [] }),
    };
    const says = { missing: /not found/, 'too old': /v1\.53\.3 is too old; 1\.60/, 'another program': /is no rclone/ };
    const wanted = Object.entries(says).find(([name]) => name === kind)?.[1] ?? /^$/;
    const binary = Object.entries(binaries).find(([name]) => name === kind)?.[1];
    Object.assign(cloudsync.environment, { CLOUDSYNC_RCLONE: await binary?.() });

    const daemon = await cloudsync.daemon();
    expect(await daemon.logged('RcloneUnusable')).toMatchObject({ message: expect.stringMatching(wanted) });
    const { document, exitCode } = await cloudsync.json<RunDocument>('run', 'photos');

    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ outcome: 'Failed', lastError: expect.stringMatching(wanted) });
    expect(await cloudsync.run('validate')).toMatchObject({ exitCode: 0 });
    expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 0 });
  });
});

describe.concurrent('an rclone that ignores SIGTERM is killed', () => {
  test('when its time is over', async () => {
    await using cloudsync = await openWithTask({ timeout: '1h' });
    Object.assign(cloudsync.environment, { NODE_OPTIONS: hourOnSignal });
    await useScript(cloudsync, { ignore: 'SIGTERM' }, { child: true }, sayReady, { waitFor: 'SIGUSR2' });
    const running = cloudsync.start(['-o', 'json', 'run', 'photos']);
    const rclone = await rclonePid(cloudsync);
    kill(running.pid, 'SIGUSR2');

    const { exitCode, stdout } = await running.finished;

    expect(exitCode).toBe(124);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'TimedOut',
      lastError: expect.stringContaining('timeout of 3600 s'),
    });
    expect(isAlive(rclone)).toBe(false);
  });

  test('when it is aborted, while the other tasks go on', async () => {
    await using cloudsync = await openWithTask();
    await addTask(cloudsync, 'music');
    await useScript(cloudsync, { ignore: 'SIGTERM' }, sayReady, { waitFor: 'SIGUSR2' });
    const daemon = await cloudsync.daemon();
    const running = cloudsync.start(['-o', 'json', 'run', 'photos']);
    await daemon.logged('RunLog', { line: ready });
    const rclone = await rclonePid(cloudsync);

    expect(await cloudsync.run('abort', 'photos')).toMatchObject({ exitCode: 0 });
    await useScript(cloudsync);
    expect(await cloudsync.run('run', 'music')).toMatchObject({ exitCode: 0 });
    expect(isAlive(rclone)).toBe(true);

    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'Aborted' });
    expect(isAlive(rclone)).toBe(false);
  });
});

test.concurrent('an rclone that floods its error output is drained, and the end of its log is kept', async () => {
  await using cloudsync = await openWithTask();
  await useScript(cloudsync, { flood: 150_000 }, { print: 'the last words\n' }, { exit: 0 });

  const { document } = await cloudsync.json<RunDocument>('run', 'photos');

  expect(document.outcome).toBe('Succeeded');
  const log = `${cloudsync.state}/${document.log}`;
  expect((await stat(log)).size).toBeLessThanOrEqual(10 * 1024 * 1024);
  const text = await readFile(log, 'utf8');
  expect(text).toContain('the last words');
  expect(text).toContain('"Truncated"');
});

describe.concurrent('a source that is', () => {
  const old = { 'photos/old.jpg': 'still here' };

  test.for([
    ['empty', 'SYNC', 3],
    ['missing', 'SYNC', 3],
    ['missing', 'COPY', 3],
    ['missing', 'MOVE', 3],
  ] as const)('%s is refused for %s, and the destination is not touched', async ([state, transferMode, exitCode]) => {
    await using cloudsync = await openWithTask(
      { transferMode, ...(state === 'missing' ? { path: '../none' } : {}) },
      {},
    );
    await writeTree(cloudsync.directory.at('cloud'), old);

    const finished = await cloudsync.json<RunDocument>('run', 'photos');

    expect(finished).toMatchObject({ exitCode, document: { outcome: 'Blocked', exitCode: null } });
    expect(finished.document.lastError).toMatch(state === 'empty' ? /empty.*allowEmptySource/ : /does not exist/);
    expect(await readTree(cloudsync.directory.at('cloud'))).toEqual(old);
  });
});
