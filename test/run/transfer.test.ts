import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { rcloneEnvironment } from '../../src/rclone/environment.ts';
import { unseenWriting } from '../../src/run/cut-off/writing.ts';
import type { Ending } from '../../src/run/ending.ts';
import { buildJob, type Job } from '../../src/run/job.ts';
import { createRedaction } from '../../src/run/redact.ts';
import type { RunOrder } from '../../src/run/run-order.ts';
import { transfer } from '../../src/run/transfer.ts';
import { resolvedTask, taskSpec } from '../helper/build.ts';
import { type RcloneStep, scriptedRclone } from '../helper/scripted-rclone.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { type Heard, localTask, rclone, runTools } from './local-task.ts';

function logLine(level: string, msg: string, object?: string): RcloneStep {
  return { print: `${JSON.stringify({ level, msg, object, time: '2026-01-01T00:00:00Z' })}\n` };
}

const ready = logLine('notice', 'ready');

/** A stand-in for rclone that follows the steps, and a task with that timeout. */
async function scripted(directory: TemporaryDirectory, steps: readonly RcloneStep[], timeoutMs: number | null = null) {
  const binary = await scriptedRclone(directory, { steps });
  const task = resolvedTask('photos', { spec: taskSpec({ timeoutMs }) });
  return { binary, order: order('photos-1', { task }) };
}

/** Runs with tools that react to each event. */
function start(
  binary: string,
  given: RunOrder,
  react: (event: Event, heard: Heard) => void = () => undefined,
  secrets: readonly string[] = [],
): { heard: Heard; ending: Promise<Ending> } {
  const heard = runTools();
  const tools = {
    ...heard,
    binary,
    rcloneEnvironment: rcloneEnvironment({ remotes: [remote], parent: process.env, timeZone: null }),
    redact: createRedaction(secrets),
    writing: unseenWriting,
    emit(event: Event) {
      heard.events.push(event);
      react(event, heard);
    },
  };
  return { heard, ending: transfer(given, jobOf(given), tools) };
}

const remote = { name: 'remote', type: 'local', options: {}, obscured: [] };

function jobOf({ task, dryRun }: RunOrder): Job {
  const { root } = task.credential?.options ?? {};
  const local = {
    root: task.spec.paths[0] ?? '',
    selection: null,
    missing: [],
    leftOut: [],
    empty: [],
    absentMarker: null,
  };
  return buildJob(task, {
    local,
    remote: `remote:${String(root)}/${task.spec.remote.folder}`,
    dryRun,
    verbose: false,
    backupName: 'run-1',
  });
}

describe('transfer', () => {
  test('copies by the real rclone, and tells what it changes', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory);
    await directory.write('source/a.txt', 'abc');
    const { heard, ending } = start(rclone, order('photos-1', { task }));
    expect(await ending).toMatchObject({
      ...{ outcome: 'Succeeded', exitCode: 0, lastError: null, warnings: [] },
      stats: { bytes: 3, transfers: 1, errors: 0 },
    });
    expect(await readFile(directory.at('remote/photos/a.txt'), 'utf8')).toBe('abc');
    expect(heard.pids).toHaveLength(1);
    expect(heard.events).toContainEqual({
      ...{ type: 'RunChange', task: 'photos', runId: 'photos-1' },
      change: expect.objectContaining({ action: 'copy', path: 'a.txt' }),
    });
    expect(heard.events.some(({ type }) => type === 'RunProgress')).toBe(true);
    expect(heard.clock.timers).toBe(0);
  });

  test('a dry run tells what it would change, and changes nothing', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC' });
    await directory.write('source/new.txt', 'abc');
    const old = await directory.write('remote/photos/old.txt', 'old');
    const { heard, ending } = start(rclone, order('photos-1', { task, dryRun: true }));
    expect(await ending).toMatchObject({ outcome: 'Succeeded' });
    const changes = heard.events.flatMap((event) => (event.type === 'RunChange' ? [event.change] : []));
    expect(changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'copy', path: 'new.txt' }),
        expect.objectContaining({ action: 'delete', path: 'old.txt' }),
      ]),
    );
    expect(await readFile(old, 'utf8')).toBe('old');
    await expect(readFile(directory.at('remote/photos/new.txt'))).rejects.toThrow('ENOENT');
  });

  test('filters reach rclone', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { exclude: ['*.tmp'] });
    await directory.write('source/a.txt', 'a');
    await directory.write('source/b.tmp', 'b');
    expect(await start(rclone, order('photos-1', { task })).ending).toMatchObject({ stats: { transfers: 1 } });
  });

  test.each([
    ['TimedOut', 'the run took longer than its timeout of 90 s and was stopped'],
    ['Aborted', 'the run was aborted'],
    ['Interrupted', 'Cloudsync was stopped while the run was in flight'],
  ] as const)('a stop while it runs ends it as %s', async (reason, lastError) => {
    await using directory = await temporaryDirectory();
    const { binary, order: given } = await scripted(directory, [ready, { waitFor: 'SIGTERM' }, { exit: 143 }], 90_000);
    const { ending } = start(binary, given, (event, { controller }) => {
      if (event.type === 'RunLog') controller.abort(reason);
    });
    expect(await ending).toMatchObject({ outcome: reason, lastError });
  });

  test('a stop that comes before rclone is there ends it too', async () => {
    await using directory = await temporaryDirectory();
    const { binary, order: given } = await scripted(directory, [{ waitFor: 'SIGTERM' }, { exit: 143 }]);
    const { heard, ending } = start(binary, given);
    heard.controller.abort('Aborted');
    expect(await ending).toMatchObject({ outcome: 'Aborted' });
  });

  test('a run that succeeds in spite of the signal has succeeded', async () => {
    await using directory = await temporaryDirectory();
    const { binary, order: given } = await scripted(directory, [ready, { waitFor: 'SIGTERM' }]);
    const { ending } = start(binary, given, (event, { controller }) => {
      if (event.type === 'RunLog') controller.abort('Aborted');
    });
    expect(await ending).toMatchObject({ outcome: 'Succeeded', lastError: null });
  });

  test('a secret that rclone prints is struck out of everything, but not out of names of files', async () => {
    await using directory = await temporaryDirectory();
    const secret = 'hunter2-hunter2';
    const { binary, order: given } = await scripted(directory, [
      logLine('error', `bad key ${secret}`, `remote ${secret}`),
      logLine('info', 'Copied (new)', `${secret}.txt`),
      { print: `plain ${secret}\n` },
      { exit: 1 },
    ]);
    const { heard, ending } = start(binary, given, undefined, [secret]);
    expect(JSON.stringify(await ending)).not.toContain(secret);
    const changes = heard.events.filter(({ type }) => type === 'RunChange');
    const others = heard.events.filter(({ type }) => type !== 'RunChange');
    expect(JSON.stringify(others)).not.toContain(secret);
    expect(JSON.stringify(others)).toContain('bad key ***');
    expect(JSON.stringify(changes)).toContain(`${secret}.txt`);
  });

  test('an rclone that cannot be started is a failure in words', async () => {
    await using directory = await temporaryDirectory();
    const { order: given } = await scripted(directory, []);
    const { heard, ending } = start(directory.at('no-rclone'), given);
    expect(await ending).toMatchObject({
      ...{ outcome: 'Failed', exitCode: null },
      lastError: expect.stringContaining('rclone was not found'),
    });
    expect(heard.pids).toEqual([]);
  });
});
