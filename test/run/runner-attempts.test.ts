import { readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { Event } from '../../src/model/event.ts';
import type { RunRecord } from '../../src/model/run.ts';
import { createLocks } from '../../src/run/locks.ts';
import { createRunner } from '../../src/run/runner.ts';
import { taskSpec } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';
import { bookIn, memoriesIn } from './book.ts';
import { eventCollector } from './event-collector.ts';
import { localTask, rclone, runTools } from './local-task.ts';

/** Runs tasks one after the other, whose waits between attempts pass at once. */
async function runnerIn({ state }: TemporaryState, binary: string, onWait: () => void = () => {}) {
  const onDisk = await bookIn(state);
  const clock = fakeClock();
  const told = eventCollector();
  const emit = (event: Event) => {
    told.emit(event);
    if (event.type !== 'RunLog' || !event.message.includes('trying again in')) return;
    queueMicrotask(() => {
      onWait();
      clock.advance(3_600_000);
    });
  };
  const tools = { ...runTools(binary), state, clock };
  const runner = createRunner({
    book: onDisk.book,
    locks: createLocks(),
    memories: memoriesIn(state),
    maxConcurrentRuns: 1,
    emit,
    tools,
  });
  async function run(task: ResolvedTask, allowDeletes: number | null = null): Promise<RunRecord> {
    const started = runner.start({ task, trigger: 'manual', scheduledFor: null, allowDeletes });
    if (started.kind !== 'started') throw new Error(`expected a run, got ${started.kind}`);
    return started.finished;
  }
  return { ...onDisk, runner, told, run };
}

function line(content: object): { readonly print: string } {
  return { print: `${JSON.stringify({ level: 'notice', msg: 'said', ...content })}\n` };
}

describe('attempts of a run', () => {
  test('are counted in the active run, the record, the history and the log', async () => {
    await using directory = await temporaryState();
    await directory.write('source/a.txt', 'a');
    const stats = { errors: 1, fatalError: false, retryError: true };
    const binary = await scriptedRclone(directory, { steps: [line({ stats }), { exit: 5 }] });
    const seen: (number | undefined)[] = [];
    await using opened = await runnerIn(directory, binary, () => seen.push(opened.runner.activeRun('photos')?.attempt));
    const task = await localTask(directory, 'photos', { retry: { limit: 2, backoffMs: 30_000 } });
    const record = await opened.run(task);
    expect(record).toMatchObject({ outcome: 'Failed', attempt: 3, sourceFiles: null });
    expect(seen).toEqual([1, 2]);
    expect(opened.book.history('photos')).toMatchObject({ consecutiveFailures: 1, runs: [{ attempt: 3 }] });
    expect(opened.told.all('RunStarted')).toHaveLength(1);
    const log = await readFile(directory.at('state', String(record.log)), 'utf8');
    expect(log.match(/trying again in/g)).toHaveLength(2);
  });

  test('an abort ends the wait, and the run', async () => {
    await using directory = await temporaryState();
    await directory.write('source/a.txt', 'a');
    const stats = { errors: 1, fatalError: false, retryError: true };
    const binary = await scriptedRclone(directory, { steps: [line({ stats }), { exit: 5 }] });
    await using opened = await runnerIn(directory, binary, () => opened.runner.stop('photos', 'Aborted'));
    const task = await localTask(directory, 'photos', { retry: { limit: 2, backoffMs: 30_000 } });
    expect(await opened.run(task)).toMatchObject({ outcome: 'Aborted', attempt: 1 });
    expect(opened.runner.running).toBe(0);
  });
});

describe('what the runs before say of deletions', () => {
  function names(prefix: string, count = 12): Readonly<Record<string, string>> {
    return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}-${index}`, prefix]));
  }

  async function replaceSource(directory: TemporaryState, prefix: string): Promise<void> {
    await rm(directory.at('source'), { recursive: true, force: true });
    await writeTree(directory.at('source'), names(prefix));
  }

  const safety = { ...taskSpec().safety, maxDelete: { kind: 'count', count: 5 } } as const;

  /** A success with twelve files at the source. */
  async function synced(directory: TemporaryState) {
    await replaceSource(directory, 'old');
    const opened = await runnerIn(directory, rclone);
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC', safety });
    expect(await opened.run(task)).toMatchObject({ outcome: 'Succeeded' });
    return { ...opened, task };
  }

  async function oldLeft(directory: TemporaryState): Promise<number> {
    const there = Object.keys(await readTree(directory.at('remote/photos')));
    return there.filter((name) => name.startsWith('old')).length;
  }

  test('a renamed source is refused each time, and nothing is deleted', async () => {
    await using directory = await temporaryState();
    await using opened = await synced(directory);
    await replaceSource(directory, 'new');
    for (let count = 0; count < 3; count += 1) {
      expect(await opened.run(opened.task)).toMatchObject({ outcome: 'Blocked' });
    }
    expect(await oldLeft(directory)).toBe(12);
  });

  test('a success of another version of the task says nothing', async () => {
    await using directory = await temporaryState();
    await using opened = await synced(directory);
    await replaceSource(directory, 'new');
    const changed = await localTask(directory, 'photos', { transferMode: 'SYNC', safety, description: 'changed' });
    expect(await opened.run(changed)).toMatchObject({ outcome: 'Blocked' });
    expect(await oldLeft(directory)).toBe(12);
  });

  test('what is allowed by hand holds for one run', async () => {
    await using directory = await temporaryState();
    await using opened = await synced(directory);
    await writeTree(directory.at('remote/photos'), names('old', 30));
    await rm(directory.at('source/old-0'));
    const strict = { ...taskSpec().safety, maxDelete: { kind: 'count', count: 0 } } as const;
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC', safety: strict });
    expect(await opened.run(task)).toMatchObject({ outcome: 'Blocked' });
    expect(await opened.run(task, 19)).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 19 } });
    await rm(directory.at('source/old-1'));
    expect(await opened.run(task)).toMatchObject({ outcome: 'Blocked' });
  });
});
