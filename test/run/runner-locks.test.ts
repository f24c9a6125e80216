import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { Event } from '../../src/model/event.ts';
import { createLocks } from '../../src/run/locks.ts';
import { createRunner, type Start } from '../../src/run/runner.ts';
import { remoteLocation } from '../helper/build.ts';
import { turnsUntil } from '../helper/eventually.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import { waitFor } from '../helper/waits.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';
import { bookIn, memoriesIn } from './book.ts';
import { eventCollector } from './event-collector.ts';
import { localTask, runTools } from './local-task.ts';

/** Runs that say when they are there and go on until they are stopped. */
async function patientRunner(directory: TemporaryState, maxConcurrentRuns: number) {
  const line = `${JSON.stringify({ level: 'notice', msg: 'ready', time: '2026-01-01T00:00:00Z' })}\n`;
  const binary = await scriptedRclone(directory, { steps: [{ print: line }, { waitFor: 'SIGTERM' }, { exit: 143 }] });
  const onDisk = await bookIn(directory.state);
  const told = eventCollector();
  const runner = createRunner({
    book: onDisk.book,
    locks: createLocks(),
    memories: memoriesIn(directory.state),
    maxConcurrentRuns,
    emit: told.emit,
    tools: { ...runTools(binary), state: directory.state },
  });
  /** The order in which runs ask for a place is only certain where each is waited for. */
  async function start(task: ResolvedTask): Promise<Start> {
    const run = runner.start({ task, trigger: 'manual', scheduledFor: null });
    const isHere = (event: Event) =>
      ['RunStarted', 'RunQueued'].includes(event.type) && 'task' in event && event.task === task.name;
    await turnsUntil(() => told.events.some(isHere));
    return run;
  }
  return { runner, told, start, ...onDisk };
}

/** A task from a folder of its own to a folder of the same remote. */
function into(directory: TemporaryDirectory, name: string, folder: string): Promise<ResolvedTask> {
  return localTask(directory, name, { paths: [directory.at(name)], remote: remoteLocation({ folder }) });
}

async function withSources(directory: TemporaryDirectory, ...names: readonly string[]): Promise<void> {
  for (const name of names) await directory.write(`${name}/a.txt`, 'a');
}

async function ended(start: Start) {
  if (start.kind !== 'started') throw new Error(`expected a run, got ${start.kind}`);
  return waitFor(`the end of run ${start.runId}`, start.finished);
}

describe('runs that meet at a place', () => {
  test('go one after the other, and the one that waits says for whom', async () => {
    await using directory = await temporaryState();
    await withSources(directory, 'first', 'second');
    await using opened = await patientRunner(directory, 10);
    const { runner, start, told } = opened;
    const first = await start(await into(directory, 'first', 'photos'));
    const second = await start(await into(directory, 'second', 'photos/2026'));
    await told.next('RunLog');
    expect(told.all('RunQueued')).toMatchObject([
      { task: 'second', trigger: 'manual', reason: 'task first uses the same place or credential' },
    ]);
    expect(runner.activeRun('second')).toMatchObject({ trigger: 'manual', pid: null, progress: null });
    expect(told.all('RunStarted').map(({ task }) => task)).toEqual(['first']);

    runner.stop('first', 'Aborted');
    await ended(first);
    await told.next('RunLog', 2);
    expect(told.all('RunStarted').map(({ task }) => task)).toEqual(['first', 'second']);
    expect(runner.activeRun('second')?.pid).toEqual(expect.any(Number));
    runner.stop('second', 'Aborted');
    expect(await ended(second)).toMatchObject({ outcome: 'Aborted', exitCode: 143 });
  });

  test('do not keep out those that go elsewhere', async () => {
    await using directory = await temporaryState();
    await withSources(directory, 'first', 'second');
    await using opened = await patientRunner(directory, 10);
    const { runner, start, told } = opened;
    const runs = [await start(await into(directory, 'first', 'a')), await start(await into(directory, 'second', 'b'))];
    await told.next('RunLog', 2);
    expect(told.all('RunQueued')).toEqual([]);
    runner.stopAll('Aborted');
    await Promise.all(runs.map(ended));
  });

  test('one that gives up waiting lets nobody in who has to wait for another', async () => {
    await using directory = await temporaryState();
    await withSources(directory, 'first', 'second', 'third');
    await using opened = await patientRunner(directory, 10);
    const { runner, start, told, book } = opened;
    const first = await start(await into(directory, 'first', 'photos'));
    const second = await start(await into(directory, 'second', 'photos'));
    const third = await start(await into(directory, 'third', 'photos'));
    await told.next('RunLog');
    runner.stop('second', 'Aborted');
    expect(await ended(second)).toMatchObject({
      ...{ outcome: 'Aborted', exitCode: null, lastError: 'the run was stopped while it waited for a place' },
    });
    expect(book.history('second').lastRun?.outcome).toBe('Aborted');
    expect(told.all('RunStarted').map(({ task }) => task)).toEqual(['first']);
    expect(runner.activeRun('third')?.pid).toBeNull();
    runner.stop('first', 'Aborted');
    await ended(first);
    await told.next('RunLog', 2);
    runner.stop('third', 'Aborted');
    expect(await ended(third)).toMatchObject({ outcome: 'Aborted', exitCode: 143 });
  });

  test('the ones that wait hold no place that others could use', async () => {
    await using directory = await temporaryState();
    await withSources(directory, 'first', 'second', 'third');
    await using opened = await patientRunner(directory, 2);
    const { runner, start, told } = opened;
    const first = await start(await into(directory, 'first', 'photos'));
    const second = await start(await into(directory, 'second', 'photos'));
    const third = await start(await into(directory, 'third', 'elsewhere'));
    await told.next('RunLog', 2);
    expect(
      told
        .all('RunStarted')
        .map(({ task }) => task)
        .sort(),
    ).toEqual(['first', 'third']);
    runner.stopAll('Aborted');
    await Promise.all([first, second, third].map(ended));
  });

  test('where all places are taken, the wait says so, and the log of a run tells it from its start', async () => {
    await using directory = await temporaryState();
    await withSources(directory, 'first', 'second');
    await using opened = await patientRunner(directory, 1);
    const { runner, start, told } = opened;
    const first = await start(await into(directory, 'first', 'a'));
    const second = await start(await into(directory, 'second', 'b'));
    await told.next('RunLog');
    expect(told.all('RunQueued')).toMatchObject([
      { task: 'second', reason: 'as many runs as may run at once (1) are in flight' },
    ]);
    runner.stop('first', 'Aborted');
    await ended(first);
    await told.next('RunLog', 2);
    runner.stop('second', 'Aborted');
    const { log } = await ended(second);
    expect(await readFile(directory.at('state', String(log)), 'utf8')).toMatch(/^\{"time":"[^"]+","type":"RunStarted"/);
  });

  test('a drain ends what waits for a place at once', async () => {
    await using directory = await temporaryState();
    await withSources(directory, 'first', 'second');
    await using opened = await patientRunner(directory, 10);
    const { runner, start, told } = opened;
    const first = await start(await into(directory, 'first', 'photos'));
    const second = await start(await into(directory, 'second', 'photos'));
    await told.next('RunLog');
    const drained = runner.drain();
    expect(await ended(second)).toMatchObject({ outcome: 'Interrupted', exitCode: null });
    expect(runner.activeRun('first')).not.toBeNull();
    runner.stop('first', 'Interrupted');
    await Promise.all([drained, ended(first)]);
  });
});
