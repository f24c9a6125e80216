import { describe, expect, test } from 'vitest';
import { createDispatcher } from '../../src/daemon/dispatcher.ts';
import type { Concurrency } from '../../src/model/task.ts';
import { activeTask, schedule, taskSpec } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { bookIn } from '../run/book.ts';
import { eventCollector } from '../run/event-collector.ts';
import { temporaryState } from '../state/open-state.ts';
import { fakeRunner } from './fake-runner.ts';

const hour = 3_600_000;
const applied = Date.UTC(2026, 0, 1);

/** An hourly task that runs, and comes due two more times meanwhile. */
async function overlapping(concurrency: Concurrency) {
  const state = await temporaryState();
  const onDisk = await bookIn(state.state);
  const runner = fakeRunner();
  const told = eventCollector();
  const clock = fakeClock(applied + hour);
  const times = schedule({ cron: '0 * * * *', timeZone: 'UTC', deadlineMs: hour });
  const task = activeTask('photos', { spec: taskSpec({ schedule: times, concurrency }), appliedAt: applied });
  const dispatcher = createDispatcher({ runner, book: onDisk.book, clock, emit: told.emit, task: () => task });
  for (const hours of [1, 2, 3]) {
    clock.jumpTo(applied + hours * hour);
    dispatcher.due('photos', applied + hours * hour);
  }
  return {
    ...{ runner, told, clock, book: onDisk.book },
    async [Symbol.asyncDispose]() {
      await onDisk.book.flush();
      await onDisk[Symbol.asyncDispose]();
      await state[Symbol.asyncDispose]();
    },
  };
}

describe('a task that comes due while it runs', () => {
  test('Forbid lets the run go on, and tells what was skipped', async () => {
    await using world = await overlapping('Forbid');
    expect(world.told.all('RunSkipped')).toHaveLength(2);
    expect(world.book.history('photos').missed).toBe(2);
    expect(world.runner.stopped).toEqual([]);
    expect(world.runner.requests).toHaveLength(1);
  });

  test('Replace ends the run, and begins the latest', async () => {
    await using world = await overlapping('Replace');
    expect(world.told.all('RunSkipped')).toEqual([]);
    expect(world.runner.stopped).toEqual(['photos', 'photos']);
    await world.runner.end('photos', { outcome: 'Aborted' });
    expect(world.runner.requests.map(({ scheduledFor }) => scheduledFor)).toEqual([applied + hour, applied + 3 * hour]);
  });

  test('Queue lets the run go on, and begins one afterwards, however late', async () => {
    await using world = await overlapping('Queue');
    expect(world.told.all('RunSkipped')).toEqual([]);
    expect(world.runner.stopped).toEqual([]);
    world.clock.jumpTo(applied + 20 * hour);
    await world.runner.end('photos');
    expect(world.runner.requests.map(({ scheduledFor }) => scheduledFor)).toEqual([applied + hour, applied + 3 * hour]);
    await world.runner.end('photos');
    expect(world.runner.requests).toHaveLength(2);
  });
});
