import { mkdir, readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { RunRecord } from '../../src/model/run.ts';
import { createLocks } from '../../src/run/locks.ts';
import { createRunner, type Start } from '../../src/run/runner.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import { waitFor } from '../helper/waits.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';
import { bookIn, memoriesIn } from './book.ts';
import { eventCollector } from './event-collector.ts';
import { localTask, rclone, runTools } from './local-task.ts';

async function runnerIn({ state }: TemporaryState, binary = rclone, maxConcurrentRuns = 1) {
  const onDisk = await bookIn(state);
  const clock = fakeClock();
  const told = eventCollector();
  const runner = createRunner({
    book: onDisk.book,
    locks: createLocks(),
    memories: memoriesIn(state),
    maxConcurrentRuns,
    emit: told.emit,
    tools: { ...runTools(binary), state, clock },
  });
  function start(task: ResolvedTask, scheduledFor: number | null = null): Start {
    return runner.start({ task, trigger: scheduledFor === null ? 'manual' : 'schedule', scheduledFor });
  }
  return { runner, told, clock, start, ...onDisk };
}

/** An rclone that runs until it is asked to end. */
function endless(directory: TemporaryDirectory): Promise<string> {
  const line = `${JSON.stringify({ level: 'notice', msg: 'ready', time: '2026-01-01T00:00:00Z' })}\n`;
  return scriptedRclone(directory, { steps: [{ print: line }, { waitFor: 'SIGTERM' }, { exit: 143 }] });
}

function ended(start: Start): Promise<RunRecord> {
  if (start.kind !== 'started') throw new Error(`expected a run, got ${start.kind}`);
  return waitFor(`the end of run ${start.runId}`, start.finished);
}

describe('runner', () => {
  test('runs a task and records what came of it', async () => {
    await using directory = await temporaryState();
    await directory.write('source/a.txt', 'abc');
    await using opened = await runnerIn(directory);
    const { runner, start, told, book, unfinished, clock } = opened;
    const scheduledFor = clock.now() - 5000;
    const run = start(await localTask(directory), scheduledFor);
    expect(runner.running).toBe(1);
    const record = await ended(run);
    expect(record).toMatchObject({
      ...{ id: 'photos-20251231t235955z', task: 'photos', trigger: 'schedule', outcome: 'Succeeded', scheduledFor },
      ...{ dryRun: false, attempt: 1, log: 'runs/photos/photos-20251231t235955z.ndjson' },
    });
    expect(book.history('photos').lastRun).toEqual(record);
    expect(told.events.at(0)).toMatchObject({ type: 'RunStarted', runId: record.id });
    expect(told.events.at(-1)).toEqual({ type: 'RunFinished', task: 'photos', runId: record.id, record });
    expect(runner.running).toBe(0);
    expect(runner.activeRun('photos')).toBeNull();
    expect(await unfinished()).toEqual([]);
    const log = await readFile(directory.at('state', String(record.log)), 'utf8');
    expect(log.split('\n').filter((line) => /RunStarted|RunFinished/.test(line))).toHaveLength(2);
  });

  test('a task runs once at a time', async () => {
    await using directory = await temporaryState();
    await using opened = await runnerIn(directory, await endless(directory));
    const { runner, start, told } = opened;
    const task = await localTask(directory);
    const first = start(task);
    expect(start(task)).toMatchObject({ kind: 'busy', runId: first.kind === 'started' ? first.runId : '' });
    await told.next('RunLog');
    const active = runner.activeRun('photos');
    expect(active).toMatchObject({ trigger: 'manual', specHash: task.specHash, pid: expect.any(Number) });
    expect(runner.stop('photos', 'Aborted')).toBe(true);
    expect(await ended(first)).toMatchObject({ outcome: 'Aborted' });
    expect(runner.stop('photos', 'Aborted')).toBe(false);
    expect(start(task).kind).toBe('started');
    runner.stopAll('Aborted');
    await runner.drain();
  });

  test('the active run carries the progress', async () => {
    await using directory = await temporaryState();
    await directory.write('source/a.txt', 'abc');
    await using opened = await runnerIn(directory);
    const { runner, start, told } = opened;
    const seen: unknown[] = [];
    const run = start(await localTask(directory));
    await told.next('RunProgress');
    seen.push(runner.activeRun('photos')?.progress);
    await ended(run);
    expect(seen).toEqual([expect.objectContaining({ totalTransfers: expect.any(Number) })]);
  });

  test('more than the limit wait, and one that is stopped while it waits never starts rclone', async () => {
    await using directory = await temporaryState();
    await using opened = await runnerIn(directory, await endless(directory));
    const { runner, start, told, book } = opened;
    const first = start(await localTask(directory, 'first'));
    const second = start(await localTask(directory, 'second'));
    const third = start(await localTask(directory, 'third'));
    await told.next('RunLog');
    runner.stop('second', 'Aborted');
    expect(await ended(second)).toMatchObject({
      ...{ outcome: 'Aborted', exitCode: null, lastError: 'the run was stopped while it waited for a place' },
    });
    expect(book.history('second').lastRun?.outcome).toBe('Aborted');
    expect(told.all('RunStarted').map(({ task }) => task)).toEqual(['first']);
    runner.stop('first', 'Aborted');
    await ended(first);
    await told.next('RunLog', 2);
    runner.stop('third', 'Interrupted');
    expect(await ended(third)).toMatchObject({ outcome: 'Interrupted' });
  });

  test('what cannot be entered in the journal is not begun, and gives its place back', async () => {
    await using directory = await temporaryState();
    await directory.write('source/a.txt', 'abc');
    await using opened = await runnerIn(directory);
    const { runner, start, told } = opened;
    await mkdir(directory.state.journal);
    const task = await localTask(directory);
    expect(await ended(start(task))).toMatchObject({
      ...{ outcome: 'Failed', log: null },
      lastError: expect.stringMatching(/^the run could not be entered in the journal: EISDIR/),
    });
    expect(told.all('RunStarted')).toEqual([]);
    await expect(stat(directory.at('remote/photos/a.txt'))).rejects.toThrow('ENOENT');
    expect(await ended(start(task))).toMatchObject({ outcome: 'Failed' });
    expect(runner.running).toBe(0);
  });

  test('a drain waits for what runs, begins nothing of what waits, and takes nothing more', async () => {
    await using directory = await temporaryState();
    await using opened = await runnerIn(directory, await endless(directory));
    const { runner, start, told } = opened;
    const first = start(await localTask(directory, 'first'));
    const second = start(await localTask(directory, 'second'));
    await told.next('RunLog');
    let drained = false;
    const draining = runner.drain().then(() => {
      drained = true;
    });
    expect(start(await localTask(directory, 'third')).kind).toBe('stopping');
    expect(await ended(second)).toMatchObject({ outcome: 'Interrupted', exitCode: null });
    expect(drained).toBe(false);
    runner.stopAll('Interrupted');
    await draining;
    expect(await ended(first)).toMatchObject({ outcome: 'Interrupted', exitCode: 143 });
    expect(told.all('RunStarted').map(({ task }) => task)).toEqual(['first']);
  });

  test('a bug in one run ends that run and gives back what it held', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const tools = { ...runTools(), state: directory.state, inspectBinary: () => Promise.reject(new Error('boom')) };
    const runner = createRunner({
      book: onDisk.book,
      locks: createLocks(),
      memories: memoriesIn(directory.state),
      maxConcurrentRuns: 1,
      emit: () => {},
      tools,
    });
    const task = await localTask(directory);
    for (let count = 0; count < 2; count += 1) {
      expect(await ended(runner.start({ task, trigger: 'manual', scheduledFor: null }))).toMatchObject({
        ...{ outcome: 'Failed', lastError: 'Internal error: boom' },
      });
      expect(runner.running).toBe(0);
    }
  });
});
