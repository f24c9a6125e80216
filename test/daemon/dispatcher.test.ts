import { describe, expect, test } from 'vitest';
import { activeTask, taskSpec } from '../helper/build.ts';
import { applied, dispatching, hour, hourly } from './dispatching.ts';

describe('due', () => {
  test('starts a run for the time that the schedule named', async () => {
    await using world = await dispatching(1);
    world.dispatcher.due('photos', applied + hour);
    expect(world.runner.requests).toMatchObject([{ trigger: 'schedule', scheduledFor: applied + hour }]);
  });

  test('while the task runs, the time is recorded as skipped and starts when the run ends', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner, told, clock, book } = world;
    dispatcher.due('photos', applied + hour);
    clock.advance(2 * hour);
    dispatcher.due('photos', applied + 2 * hour);
    dispatcher.due('photos', applied + 3 * hour);
    expect(told.all('RunSkipped')).toMatchObject([
      { scheduledFor: applied + 2 * hour, reason: 'run run-1 has not ended' },
      { scheduledFor: applied + 3 * hour },
    ]);
    expect(book.history('photos')).toMatchObject({ missed: 2, lastScheduled: applied + 3 * hour });
    await runner.end('photos');
    expect(runner.requests).toMatchObject([
      { trigger: 'schedule' },
      { trigger: 'catchup', scheduledFor: applied + 3 * hour },
    ]);
    await runner.end('photos');
    expect(runner.requests).toHaveLength(2);
  });

  test('what waited for longer than its deadline does not start', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner, clock } = world;
    dispatcher.due('photos', applied);
    dispatcher.due('photos', applied + hour);
    clock.advance(2 * hour + 1);
    await runner.end('photos');
    expect(runner.requests).toHaveLength(1);
  });

  test('what waited starts by what is applied then', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner, tasks } = world;
    dispatcher.due('photos', applied);
    dispatcher.due('photos', applied + hour);
    tasks.set('photos', hourly({}, 'elsewhere'));
    await runner.end('photos');
    expect(runner.requests[1]?.task.spec.remote.folder).toBe('elsewhere');
  });

  test('what waited is forgotten with its schedule, and a new wait starts once', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner } = world;
    dispatcher.due('photos', applied);
    dispatcher.due('photos', applied + hour);
    dispatcher.forget('photos');
    dispatcher.due('photos', applied + hour + 1);
    await runner.end('photos');
    expect(runner.requests.map(({ scheduledFor }) => scheduledFor)).toEqual([applied, applied + hour + 1]);
    dispatcher.due('photos', applied + 2 * hour);
    dispatcher.forget('photos');
    await runner.end('photos');
    expect(runner.requests).toHaveLength(2);
  });

  test('somebody who starts the task first only makes it wait on', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner, tasks } = world;
    const task = tasks.get('photos') ?? hourly();
    const byHand = runner.start({ task, trigger: 'manual', scheduledFor: null });
    if (byHand.kind !== 'started') throw new Error('expected a run');
    void byHand.finished.then(() => runner.start({ task, trigger: 'manual', scheduledFor: null }));
    dispatcher.due('photos', applied + hour);
    await runner.end('photos');
    expect(runner.requests.map(({ trigger }) => trigger)).toEqual(['manual', 'manual']);
    await runner.end('photos');
    expect(runner.requests.at(-1)).toMatchObject({ trigger: 'catchup', scheduledFor: applied + hour });
  });

  test('a task that is gone is not run', async () => {
    await using world = await dispatching(1);
    world.tasks.clear();
    world.dispatcher.due('photos', applied + hour);
    world.dispatcher.catchUp('photos');
    expect(world.runner.requests).toEqual([]);
  });
});

describe('catchUp', () => {
  test('one run makes up for all that were missed, within five minutes', async () => {
    await using world = await dispatching(5.5);
    const { dispatcher, runner, clock } = world;
    dispatcher.catchUp('photos');
    dispatcher.catchUp('photos');
    clock.advance(5 * 60_000);
    expect(runner.requests).toMatchObject([{ trigger: 'catchup', scheduledFor: applied + 5 * hour }]);
    expect(clock.timers).toBe(0);
  });

  test.each([
    ['its deadline is over', { deadlineMs: 60_000 }],
    ['missed runs are skipped', { missedRuns: 'Skip' }],
  ] as const)('none where %s, and that is recorded once', async (reason, part) => {
    await using world = await dispatching(5.5, hourly(part));
    const { dispatcher, runner, told, clock, book } = world;
    dispatcher.catchUp('photos');
    dispatcher.catchUp('photos');
    clock.advance(hour / 4);
    expect(runner.requests).toEqual([]);
    expect(told.all('RunSkipped')).toMatchObject([{ scheduledFor: applied + 5 * hour, reason }]);
    expect(book.history('photos')).toMatchObject({ missed: 5, lastScheduled: applied + 5 * hour });
  });

  test('nothing was missed, or nothing is scheduled: nothing happens', async () => {
    await using onTime = await dispatching(0.5);
    onTime.dispatcher.catchUp('photos');
    expect(onTime.clock.timers).toBe(0);
    await using manual = await dispatching(9, activeTask('photos', { spec: taskSpec({ schedule: null }) }));
    manual.dispatcher.catchUp('photos');
    expect(manual.clock.timers).toBe(0);
    await using suspended = await dispatching(9, activeTask('photos', { spec: taskSpec({ enabled: false }) }));
    suspended.dispatcher.catchUp('photos');
    expect(suspended.clock.timers).toBe(0);
  });

  test('is cancelled when the schedule is forgotten', async () => {
    await using world = await dispatching(5.5);
    world.dispatcher.catchUp('photos');
    world.dispatcher.forget('photos');
    expect(world.clock.timers).toBe(0);
  });

  test('a run in flight is not missed, though no history has it yet', async () => {
    await using world = await dispatching(1);
    const { dispatcher, runner, clock } = world;
    dispatcher.due('photos', applied + hour);
    clock.advance(hour / 2);
    dispatcher.catchUp('photos');
    expect(clock.timers).toBe(0);
    await runner.end('photos');
    expect(runner.requests).toHaveLength(1);
  });

  test('one that meets a run waits for its end', async () => {
    await using world = await dispatching(5.5);
    const { dispatcher, runner, clock, tasks } = world;
    runner.start({ task: tasks.get('photos') ?? hourly(), trigger: 'manual', scheduledFor: null });
    dispatcher.catchUp('photos');
    clock.advance(5 * 60_000);
    expect(runner.requests).toHaveLength(1);
    await runner.end('photos');
    expect(runner.requests[1]).toMatchObject({ trigger: 'catchup', scheduledFor: applied + 5 * hour });
  });

  test('starts by what is applied then', async () => {
    await using world = await dispatching(5.5);
    world.dispatcher.catchUp('photos');
    world.tasks.set('photos', hourly({}, 'elsewhere'));
    world.clock.advance(5 * 60_000);
    expect(world.runner.requests[0]?.task.spec.remote.folder).toBe('elsewhere');
  });
});
