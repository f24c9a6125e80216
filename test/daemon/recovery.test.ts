import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { recoverRuns } from '../../src/daemon/recovery.ts';
import type { TaskHistory } from '../../src/model/history.ts';
import { emptyHistory } from '../../src/model/history.ts';
import { processIdentity } from '../../src/state/process-identity.ts';
import { activeTask, runRecord } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { type BookOnDisk, bookIn, order } from '../run/book.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';

/** A process that enters a run in the journal and dies, as far as the disk can tell. */
async function crashIn({ state }: TemporaryState, runId: string, pid: number | null = null): Promise<void> {
  await using onDisk = await bookIn(state);
  const run = await onDisk.book.open(order(runId, { trigger: 'schedule' }), 1000, 2000);
  if (!run.ok) throw new Error(run.error);
  if (pid !== null) await run.value.spawned(pid);
}

async function recover({ state }: TemporaryState, known = new Map<string, TaskHistory>()): Promise<BookOnDisk> {
  const onDisk = await bookIn(state, known);
  const active = new Map([['photos', activeTask()]]);
  await recoverRuns({ journal: onDisk.journal, book: onDisk.book, active, clock: fakeClock(9000) });
  return onDisk;
}

describe('recoverRuns', () => {
  test('a run without an end is Interrupted, once', async () => {
    await using directory = await temporaryState();
    await crashIn(directory, 'one');
    await using first = await recover(directory);
    expect(first.book.history('photos').runs).toEqual([
      {
        ...{
          id: 'one',
          task: 'photos',
          trigger: 'schedule',
          token: null,
          attempt: 1,
          dryRun: false,
          outcome: 'Interrupted',
        },
        ...{ scheduledFor: 1000, startedAt: 2000, finishedAt: 9000, exitCode: null, warnings: [], log: null },
        ...{ specHash: expect.stringContaining('sha256:'), sourceFiles: null },
        stats: { bytes: 0, transfers: 0, checks: 0, deletes: 0, errors: 0 },
        lastError: 'Cloudsync or the machine stopped while the run was in flight',
      },
    ]);
    expect(await first.unfinished()).toEqual([]);
    const kept = await first.historyOnDisk('photos');
    expect(kept).toMatchObject({ consecutiveFailures: 1, lastScheduled: 1000 });
    await using second = await recover(directory, new Map([['photos', kept]]));
    expect(second.book.history('photos')).toEqual(kept);
  });

  test('a run that the history has already keeps its outcome', async () => {
    await using directory = await temporaryState();
    await crashIn(directory, 'one');
    const record = runRecord({ id: 'one' });
    const known: TaskHistory = { ...emptyHistory, runs: [record], lastRun: record, lastSuccess: record };
    await using onDisk = await recover(directory, new Map([['photos', known]]));
    expect(onDisk.book.history('photos')).toEqual(known);
    expect(await onDisk.unfinished()).toEqual([]);
  });

  test('keeps the log that the run has left', async () => {
    await using directory = await temporaryState();
    await crashIn(directory, 'one');
    await directory.write('state/runs/photos/one.ndjson', '{}\n');
    await using onDisk = await recover(directory);
    expect(onDisk.book.history('photos').lastRun?.log).toBe('runs/photos/one.ndjson');
  });

  test('an rclone that outlived its parent is stopped first', async () => {
    await using directory = await temporaryState();
    const orphan = spawn('sleep', ['1000000'], { detached: true, stdio: 'ignore' });
    const exited = once(orphan, 'exit');
    await crashIn(directory, 'one', orphan.pid);
    await using onDisk = await recover(directory);
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(onDisk.book.history('photos').lastRun?.outcome).toBe('Interrupted');
  });

  test('so is an rclone that nobody had the time to note, but not what a script left in the background', async () => {
    await using directory = await temporaryState();
    const environment = { ...process.env, CLOUD_SYNC_RUN_ID: 'one' };
    const orphan = spawn('sleep', ['1000000'], { detached: true, stdio: 'ignore', env: environment });
    const background = spawn('sleep', ['1000000'], { stdio: 'ignore', env: environment });
    const exited = once(orphan, 'exit');
    await crashIn(directory, 'one');
    await using _ = await recover(directory);
    expect(await exited).toEqual([null, 'SIGTERM']);
    expect(background.kill(0)).toBe(true);
    background.kill('SIGKILL');
  });

  test('after a restart of the machine the run is Interrupted, and no process is signalled', async () => {
    await using directory = await temporaryState();
    const stranger = spawn('sleep', ['1000000'], {
      ...{ detached: true, stdio: 'ignore' },
      env: { ...process.env, CLOUD_SYNC_RUN_ID: 'one' },
    });
    await crashIn(directory, 'one', stranger.pid);
    const journal = await readFile(directory.state.journal, 'utf8');
    const { bootId } = processIdentity;
    await writeFile(directory.state.journal, journal.replaceAll(JSON.stringify(bootId), '"before"'));

    await using onDisk = await recover(directory);

    expect(onDisk.book.history('photos').lastRun).toMatchObject({ id: 'one', outcome: 'Interrupted' });
    expect(stranger.kill(0)).toBe(true);
    stranger.kill('SIGKILL');
  });

  test('a run that cannot be entered yet stays in the journal until it is', async () => {
    await using directory = await temporaryState();
    await crashIn(directory, 'one');
    await rm(directory.state.history, { recursive: true });
    await writeFile(directory.state.history, '');
    await using onDisk = await recover(directory);
    expect((await onDisk.unfinished()).map(({ runId }) => runId)).toEqual(['one']);
    await rm(directory.state.history);
    await mkdir(directory.state.history);

    await onDisk.book.flush();

    expect(await onDisk.unfinished()).toEqual([]);
    expect(await onDisk.historyOnDisk('photos')).toMatchObject({ lastRun: { id: 'one', outcome: 'Interrupted' } });
  });

  test('a run of a task that is gone is entered all the same', async () => {
    await using directory = await temporaryState();
    await crashIn(directory, 'one');
    await using onDisk = await bookIn(directory.state);
    await recoverRuns({ journal: onDisk.journal, book: onDisk.book, active: new Map(), clock: fakeClock() });
    expect(onDisk.book.history('photos').lastRun?.id).toBe('one');
  });
});
