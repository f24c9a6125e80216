import { describe, expect, test } from 'vitest';
import { runRecord } from '../helper/build.ts';
import { applied, dispatching, hour, hourly } from './dispatching.ts';

describe('a clock that was set', () => {
  test('back by a little: what had its run has no second one, also by a new daemon that knows the history', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner, clock, book } = world;
    dispatcher.due('photos', applied + hour);
    clock.jumpTo(applied + hour / 2);
    dispatcher.due('photos', applied + hour);
    expect(runner.requests).toHaveLength(1);

    await using after = await dispatching(0.5);
    await after.book.enter(runRecord({ scheduledFor: applied + hour, log: null }), hourly().spec.history);
    after.dispatcher.due('photos', applied + hour);
    expect(after.runner.requests).toEqual([]);
    await book.flush();
  });

  test('back by days: what was done by the wrong clock does not count', async () => {
    await using world = await dispatching(48);
    const { dispatcher, runner, clock } = world;
    dispatcher.due('photos', applied + 48 * hour);
    await runner.end('photos');
    clock.jumpTo(applied + hour);
    dispatcher.due('photos', applied + hour);
    expect(runner.requests.map(({ scheduledFor }) => scheduledFor)).toEqual([applied + 48 * hour, applied + hour]);
  });

  test('a task that a clock of the future applied has missed nothing', async () => {
    await using world = await dispatching(-48);
    world.dispatcher.catchUp('photos');
    expect(world.clock.timers).toBe(0);
  });

  test('what waits for the end of a run does not start days before its time', async () => {
    await using world = await dispatching(48);
    const { dispatcher, runner, clock } = world;
    dispatcher.due('photos', applied + 47 * hour);
    dispatcher.due('photos', applied + 48 * hour);
    clock.jumpTo(applied);
    await runner.end('photos');
    expect(runner.requests).toHaveLength(1);
  });

  test('new times are not held up by what the times before had', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner, clock } = world;
    dispatcher.due('photos', applied + hour);
    await runner.end('photos');
    clock.jumpTo(applied + hour / 2);
    dispatcher.forget('photos');
    dispatcher.due('photos', applied + hour / 2 + 1);
    expect(runner.requests).toHaveLength(2);
  });
});

describe('a catch-up that waits for its moment', () => {
  test('is not needed once the schedule has started a later run', async () => {
    await using world = await dispatching(5.5);
    const { dispatcher, runner, clock } = world;
    dispatcher.catchUp('photos');
    dispatcher.due('photos', applied + 6 * hour);
    await runner.end('photos');
    clock.advance(hour);
    expect(runner.requests).toMatchObject([{ trigger: 'schedule' }]);
  });

  test('makes up for the latest time, where the machine slept again', async () => {
    await using world = await dispatching(5.5);
    world.dispatcher.catchUp('photos');
    world.clock.jumpTo(applied + 9.5 * hour);
    world.clock.advance(5 * 60_000);
    expect(world.runner.requests).toMatchObject([{ trigger: 'catchup', scheduledFor: applied + 9 * hour }]);
  });

  test('does not start after its deadline, and that is recorded', async () => {
    await using world = await dispatching(5.5, hourly({ cron: '0 5 * * *' }));
    const { dispatcher, runner, clock, told, book } = world;
    dispatcher.catchUp('photos');
    clock.jumpTo(applied + 9.5 * hour);
    clock.advance(5 * 60_000);
    expect(runner.requests).toEqual([]);
    expect(told.all('RunSkipped')).toMatchObject([{ reason: 'its deadline is over' }]);
    expect(book.history('photos').missed).toBe(1);
  });

  test('is given up where the task is gone', async () => {
    await using world = await dispatching(5.5);
    world.dispatcher.catchUp('photos');
    world.tasks.clear();
    world.clock.advance(5 * 60_000);
    expect(world.runner.requests).toEqual([]);
  });
});

describe('a time that came while a run was in flight', () => {
  const [from, to] = [applied + 1.9 * hour, applied + 2.2 * hour];

  test.each([
    ['starts after a restart', 2.5, hourly(), [applied + 2 * hour]],
    ['does not start after its deadline', 2.5, hourly({ deadlineMs: hour / 4 }), []],
  ] as const)('%s', async (_what, hoursLater, task, expected) => {
    await using world = await dispatching(hoursLater, task);
    const { dispatcher, runner, clock, told, book } = world;
    await book.owed('photos', applied + 2 * hour);
    const interrupted = { scheduledFor: applied + hour, startedAt: from, finishedAt: to, log: null };
    await book.enter(runRecord({ ...interrupted, outcome: 'Interrupted' }), task.spec.history);
    dispatcher.catchUp('photos');
    clock.advance(5 * 60_000);
    expect(runner.requests.map(({ scheduledFor }) => scheduledFor)).toEqual(expected);
    expect(told.all('RunSkipped')).toEqual([]);
  });

  test('has had its run where a later one started', async () => {
    await using world = await dispatching(2.5);
    await world.book.owed('photos', applied + 2 * hour);
    const made = { scheduledFor: applied + 2 * hour, startedAt: from, finishedAt: to, log: null };
    await world.book.enter(runRecord(made), hourly().spec.history);
    world.dispatcher.catchUp('photos');
    expect(world.clock.timers).toBe(0);
  });
});
