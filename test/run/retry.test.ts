import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import type { Outcome } from '../../src/model/run.ts';
import { type Ending, endedEarly } from '../../src/run/ending.ts';
import { retryDelayMs, withRetries } from '../../src/run/retry.ts';
import type { RunTools } from '../../src/run/run-order.ts';
import { runTask } from '../../src/run/run-task.ts';
import { remoteLocation, resolvedTask, taskSpec } from '../helper/build.ts';
import { readTree } from '../helper/file-tree.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { type Heard, localTask, runTools } from './local-task.ts';
import { rclones, realTools, saidIn } from './real-run.ts';

const failure: Ending = { ...endedEarly('Failed', 'the network is down'), retryable: true };
const success: Ending = { ...endedEarly('Failed', ''), outcome: 'Succeeded', lastError: null };

/** Lets the wait between two attempts pass as soon as it has begun. */
function impatient(heard: Heard, react: (event: Event) => void = () => {}): RunTools {
  return {
    ...heard,
    emit(event) {
      heard.emit(event);
      react(event);
      if (isWait(event)) queueMicrotask(() => heard.clock.advance(3_600_000));
    },
  };
}

function isWait(event: Event): boolean {
  return event.type === 'RunLog' && event.message.includes('trying again in');
}

describe('retryDelayMs', () => {
  test.each([
    [30_000, 1, 30_000],
    [30_000, 2, 60_000],
    [30_000, 3, 120_000],
    [30_000, 20, 30 * 60_000],
    [0, 5, 0],
    [2 * 3_600_000, 1, 2 * 3_600_000],
    [2 * 3_600_000, 4, 2 * 3_600_000],
  ])('after %d ms, attempt %d: around %d', (backoffMs, attempt, middle) => {
    expect(retryDelayMs(backoffMs, attempt, 0.5)).toBe(middle);
  });

  test('grows, stays within a fifth of the middle, and spreads', () => {
    const backoff = fc.nat({ max: 4 * 3_600_000 });
    const spread = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(backoff, fc.integer({ min: 1, max: 50 }), spread, (backoffMs, attempt, by) => {
        const middle = retryDelayMs(backoffMs, attempt, 0.5);
        const delay = retryDelayMs(backoffMs, attempt, by);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(middle * 0.8) - 1);
        expect(delay).toBeLessThanOrEqual(Math.ceil(middle * 1.2) + 1);
        expect(retryDelayMs(backoffMs, attempt + 1, 0.5)).toBeGreaterThanOrEqual(middle);
      }),
    );
  });
});

describe('withRetries', () => {
  async function attempts(endings: readonly Ending[], limit = 3) {
    const heard = runTools();
    const begun: number[] = [];
    const task = resolvedTask('photos', { spec: taskSpec({ retry: { limit, backoffMs: 30_000 } }) });
    const tools = { ...impatient(heard), onAttempt: (number: number) => begun.push(number) };
    const ending = await withRetries(order('photos-1', { task }), tools, async () => {
      return endings[begun.length - 1] ?? failure;
    });
    return { ending, begun, heard };
  }

  test('ends with the first success, and says what came before', async () => {
    const { ending, begun, heard } = await attempts([failure, failure, success]);
    expect(ending).toMatchObject({ outcome: 'Succeeded', attempt: 3 });
    expect(begun).toEqual([1, 2, 3]);
    expect(saidIn(heard)).toEqual([
      expect.stringMatching(/^attempt 1 of 4 failed: the network is down; trying again in \d\d s$/),
      expect.stringMatching(/^attempt 2 of 4 failed: the network is down; trying again in \d\d s$/),
    ]);
    expect(heard.clock.timers).toBe(0);
  });

  test.each([
    [0, 1],
    [2, 3],
  ])('tries again %d times at most', async (limit, last) => {
    const { ending, begun } = await attempts([], limit);
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: 'the network is down', attempt: last });
    expect(begun).toHaveLength(last);
  });

  test.each<Outcome>(['Failed', 'Blocked', 'TimedOut', 'AuthExpired', 'LimitReached', 'Aborted'])(
    'does not try again what ended as %s and may not succeed in a while',
    async (outcome) => {
      const { begun } = await attempts([endedEarly(outcome, 'no')]);
      expect(begun).toEqual([1]);
    },
  );

  test.each(['Aborted', 'Interrupted'] as const)('a stop ends the wait as %s', async (reason) => {
    const heard = runTools();
    const task = resolvedTask('photos', { spec: taskSpec() });
    const running = withRetries(
      order('photos-1', { task }),
      { ...heard, emit: (event) => isWait(event) && queueMicrotask(() => heard.controller.abort(reason)) },
      async () => failure,
    );
    expect(await running).toMatchObject({
      ...{
        outcome: reason,
        attempt: 1,
        lastError: expect.stringMatching(/ while it waited to try again after this: the network is down$/),
      },
    });
    expect(heard.clock.timers).toBe(0);
  });
});

describe('a run', () => {
  test('has one timeout for all attempts and the pauses between them', async () => {
    await using directory = await temporaryDirectory();
    const ready = { print: `${JSON.stringify({ level: 'notice', msg: 'ready' })}\n` };
    const stats = { errors: 1, fatalError: false, retryError: true };
    const failed = { print: `${JSON.stringify({ level: 'notice', msg: 'totals', stats })}\n` };
    const binary = await scriptedRclone(directory, { steps: [ready, failed, { exit: 5 }] });
    const task = await localTask(directory, 'photos', { timeoutMs: 90_000, retry: { limit: 2, backoffMs: 1000 } });
    const heard = runTools(binary);
    const tools: RunTools = {
      ...heard,
      emit(event) {
        heard.emit(event);
        if (event.type === 'RunLog' && event.message === 'ready') heard.clock.advance(50_000);
        if (isWait(event)) queueMicrotask(() => heard.clock.advance(1500));
      },
    };
    expect(await runTask(order('photos-1', { task }), tools)).toMatchObject({
      ...{ outcome: 'TimedOut', attempt: 2 },
      lastError: 'the run took longer than its timeout of 90 s and was stopped',
    });
    expect(heard.pids).toHaveLength(2);
    expect(heard.clock.timers).toBe(0);
  });

  test('that waits for its next attempt ends at its timeout', async () => {
    await using directory = await temporaryDirectory();
    const stats = { errors: 1, fatalError: false, retryError: true };
    const failed = { print: `${JSON.stringify({ level: 'notice', msg: 'totals', stats })}\n` };
    const binary = await scriptedRclone(directory, { steps: [failed, { exit: 5 }] });
    const task = await localTask(directory, 'photos', { timeoutMs: 9000, retry: { limit: 2, backoffMs: 60_000 } });
    expect(await runTask(order('photos-1', { task }), impatient(runTools(binary)))).toMatchObject({
      ...{ outcome: 'TimedOut', attempt: 1 },
      lastError: expect.stringContaining('while it waited to try again'),
    });
  });
});

describe.each(rclones)('failures of %s', { timeout: 60_000 }, (binary) => {
  async function pushTo(directory: TemporaryDirectory, url: string) {
    await directory.write('source/a.txt', 'a');
    const task = resolvedTask('photos', {
      spec: taskSpec({
        ...{ paths: [directory.at('source')], remote: remoteLocation() },
        ...{ retry: { limit: 1, backoffMs: 1000 }, rcloneFlags: { 'low-level-retries': 1 } },
      }),
      credential: { provider: 'webdav', options: { url, vendor: 'other', user: 'u', pass: { fromEnv: 'PASS' } } },
    });
    const environment = { ...process.env, PASS: 'not-the-password' };
    return runTask(order('photos-1', { task }), impatient(realTools(directory, { environment }, binary)));
  }

  /** The address of a server that answers everything like this; `null`: that does not answer any more. */
  async function serverOf(status: number | null) {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status ?? 500, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
    if (status === null) await close();
    return {
      url: `http://127.0.0.1:${port}`,
      [Symbol.asyncDispose]: () => (status === null ? Promise.resolve() : close()),
    };
  }

  test.each([
    ['a refused connection', null, 2],
    ['a server that is out of order', 503, 2],
    ['a wrong password', 401, 1],
  ] as const)('%s: as many attempts as make sense', async (_what, status, attempt) => {
    await using directory = await temporaryDirectory();
    await using server = await serverOf(status);
    expect(await pushTo(directory, server.url)).toMatchObject({ outcome: 'Failed', attempt });
  });

  test('a file that changed while it was read is copied by the next attempt', async () => {
    await using directory = await temporaryDirectory();
    const file = await directory.write('source/growing.log', 'x'.repeat(300_000));
    const limit = { up: 100_000, down: 100_000 };
    const task = await localTask(directory, 'photos', {
      ...{ bandwidthLimit: [{ weekday: null, time: null, limit }], retry: { limit: 2, backoffMs: 1000 } },
    });
    const heard = realTools(directory, {}, binary);
    const grown: Promise<void>[] = [];
    const tools = impatient(heard, (event) => {
      const reading = event.type === 'RunProgress' && event.progress.bytes > 0;
      if (reading && grown.length === 0) grown.push(appendFile(file, 'more'));
    });
    const ending = await runTask(order('photos-1', { task }), tools);
    expect(saidIn(heard).join('\n')).toMatch(/attempt 1 of 3 failed: growing\.log.*updated/);
    expect(ending).toMatchObject({ outcome: 'Succeeded', attempt: 2, lastError: null });
    expect(await readTree(directory.at('remote'), 1_000_000)).toEqual({
      'photos/growing.log': `${'x'.repeat(300_000)}more`,
    });
  });
});
