import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { OpenRun, RunBook } from '../../src/run/run-book.ts';
import { runRecord } from '../helper/build.ts';
import { temporaryState } from '../state/open-state.ts';
import { bookIn, order } from './book.ts';

const limits = { successful: 1, failed: 1 };

async function open(book: RunBook, runId: string): Promise<OpenRun> {
  const opened = await book.open(order(runId), 1000, 2000);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

/** A run from its start to its end, with one line in its log. */
async function runOnce(book: RunBook, id: string): Promise<string> {
  const run = await open(book, id);
  run.note({ type: 'RunLog', task: 'photos', runId: id, level: 'notice', message: `this is ${id}` });
  await run.close(runRecord({ id, log: run.logPath }), limits);
  return run.logPath;
}

describe('run book', () => {
  test('a run is in the journal from its start, and leaves it when the history has it', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book, unfinished, historyOnDisk } = onDisk;
    const run = await open(book, 'one');
    expect(await unfinished()).toMatchObject([
      { runId: 'one', task: 'photos', trigger: 'manual', scheduledFor: 1000, startedAt: 2000, process: null },
    ]);
    await run.spawned(process.pid);
    expect(await unfinished()).toMatchObject([{ runId: 'one', process: { pid: process.pid } }]);
    await run.close(runRecord({ id: 'one' }), limits);
    expect(await unfinished()).toEqual([]);
    expect(await historyOnDisk('photos')).toEqual(book.history('photos'));
    expect(book.history('photos').lastSuccess?.id).toBe('one');
  });

  test('the log keeps what happened, and no progress', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book } = onDisk;
    const run = await open(book, 'one');
    const progress = { bytes: 1, totalBytes: 2, transfers: 0, totalTransfers: 1, checks: 0, deletes: 0, errors: 0 };
    const about = { task: 'photos', runId: 'one' };
    run.note({ type: 'RunProgress', ...about, progress: { ...progress, speed: 1, etaSeconds: null } });
    run.note({ type: 'RunLog', ...about, level: 'error', message: 'oh' });
    await run.close(runRecord({ id: 'one', log: run.logPath }), limits);
    const lines = (await readFile(directory.at('state', run.logPath), 'utf8')).trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { time: expect.any(String), type: 'RunLog', ...about, level: 'error', message: 'oh' },
    ]);
    expect(await book.logOf('photos', 'one')).toBe(run.logPath);
    expect(await book.logOf('photos', 'two')).toBeNull();
  });

  test('logs go with the runs that leave the history', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book } = onDisk;
    const [first, second] = [await runOnce(book, 'one'), await runOnce(book, 'two')];
    await expect(stat(directory.at('state', first))).rejects.toThrow('ENOENT');
    expect((await stat(directory.at('state', second))).isFile()).toBe(true);
  });

  test('a log that cannot be removed does not keep a run from ending', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book, unfinished } = onDisk;
    const first = await runOnce(book, 'one');
    await rm(directory.at('state', first));
    await mkdir(directory.at('state', first, 'in-its-place'), { recursive: true });
    await runOnce(book, 'two');
    expect(book.history('photos').runs.map(({ id }) => id)).toEqual(['two']);
    expect(await unfinished()).toEqual([]);
  });

  test('a run stays in the journal until its history could be written', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book, events, unfinished } = onDisk;
    const place = directory.at('state/history/photos.json');
    await mkdir(`${place}/in-its-place`, { recursive: true });
    await runOnce(book, 'one');
    expect(events).toMatchObject([{ type: 'WriteFailed', path: 'history/photos.json' }]);
    expect(await unfinished()).toMatchObject([{ runId: 'one' }]);
    await rm(place, { recursive: true });
    await book.flush();
    expect(await unfinished()).toEqual([]);
  });

  test('missed runs are counted, with the time that was asked for last', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book, historyOnDisk } = onDisk;
    await book.missed('photos', 5000, 1);
    await book.missed('photos', 9000, 3);
    expect(await historyOnDisk('photos')).toMatchObject({ missed: 4, lastScheduled: 9000, owedSince: null, runs: [] });
    for (const time of [10_000, 11_000]) await book.owed('photos', time);
    expect(await historyOnDisk('photos')).toMatchObject({ missed: 6, lastScheduled: 11_000, owedSince: 10_000 });
  });

  test('a run that is missed while another ends is not lost', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book, historyOnDisk } = onDisk;
    const run = await open(book, 'one');
    const failed = runRecord({ id: 'one', outcome: 'Failed', scheduledFor: 1000 });
    await Promise.all([run.close(failed, limits), book.missed('photos', 3000, 1), book.missed('photos', 4000, 1)]);
    await book.flush();
    expect(await historyOnDisk('photos')).toMatchObject({ missed: 2, lastScheduled: 4000, lastRun: { id: 'one' } });
  });

  test('a journal that takes no entry opens no run, and one that takes no end tells it', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book, journal, events } = onDisk;
    const run = await open(book, 'one');
    await journal.close();
    await rm(directory.state.journal);
    await mkdir(directory.state.journal);
    expect(await book.open(order('two'), null, 0)).toMatchObject({
      ok: false,
      error: expect.stringContaining('EISDIR'),
    });
    await run.close(runRecord({ id: 'one' }), limits);
    expect(events).toMatchObject([{ type: 'WriteFailed', path: 'journal.ndjson' }]);
  });

  test('a log that cannot be written is told', async () => {
    await using directory = await temporaryState();
    await using onDisk = await bookIn(directory.state);
    const { book, events } = onDisk;
    await directory.write('state/runs/photos', 'a file in place of the folder');
    await runOnce(book, 'one');
    expect(events).toMatchObject([{ type: 'WriteFailed', path: 'runs/photos/one.ndjson' }]);
  });
});
