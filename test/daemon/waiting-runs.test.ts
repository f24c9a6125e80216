import { describe, expect, test } from 'vitest';
import type { ControlRun } from '../../src/daemon/control-handlers.ts';
import { createWaitingRuns } from '../../src/daemon/waiting-runs.ts';
import type { Event } from '../../src/model/event.ts';
import type { RunRecord } from '../../src/model/run.ts';
import { resolvedTask, runRecord } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';

/** One that waits for a run that ends when the test says so, and then meets what it is given. */
function waitingFor(next: ControlRun) {
  const events: Event[] = [];
  const clock = fakeClock();
  const runs = createWaitingRuns(clock);
  let end: (record: RunRecord) => void = () => undefined;
  const before = {
    kind: 'busy',
    runId: 'run-1',
    finished: new Promise<RunRecord>((resolve) => (end = resolve)),
  } as const;
  const waiting = runs.add({
    ...{ task: resolvedTask(), before, begin: async () => next },
    listener: (event) => events.push(event),
  });
  if (waiting.kind !== 'started') throw new Error(`expected a run that waits, got ${waiting.kind}`);
  return { runs, events, waiting, end: () => end(runRecord({ id: 'run-1', outcome: 'Succeeded' })) };
}

const started: ControlRun = {
  ...{ kind: 'started', finished: Promise.resolve(runRecord({ id: 'run-2' })), leave: () => undefined },
};

describe('a run that waits for another', () => {
  test('says so, and ends as it does itself', async () => {
    const { waiting, events, end } = waitingFor(started);
    expect(events).toMatchObject([{ type: 'RunQueued', trigger: 'manual', reason: 'run run-1 has not ended' }]);
    end();
    expect(await waiting.finished).toMatchObject({ id: 'run-2' });
  });

  test.each<[ControlRun, string, string]>([
    [{ kind: 'stopping' }, 'Interrupted', 'Cloudsync was stopped while the run waited for run run-1'],
    [{ kind: 'busy', runId: 'run-3' }, 'Skipped', 'run run-3 has not ended'],
    [{ kind: 'unknown', message: 'there is no task photos' }, 'Failed', 'there is no task photos'],
  ])('and cannot begin then, %j, does not pass for the one before it', async (next, outcome, lastError) => {
    const { waiting, events, end } = waitingFor(next);
    end();
    const record = await waiting.finished;
    expect(record).toMatchObject({ task: 'photos', outcome, lastError, exitCode: null, log: null });
    expect(record.id).not.toBe('run-1');
    expect(events.at(-1)).toMatchObject({ type: 'RunFinished', record });
  });

  test('may be cancelled, and does not begin', async () => {
    const { runs, waiting, end } = waitingFor(started);
    expect(runs.cancel('letters')).toBe(false);
    expect(runs.cancel('photos')).toBe(true);
    expect(await waiting.finished).toMatchObject({
      ...{ outcome: 'Aborted', lastError: 'the run was aborted while it waited for run run-1' },
    });
    expect(runs.cancel('photos')).toBe(false);
    end();
  });
});
