import { describe, expect, test } from 'vitest';
import { createSchedules } from '../../src/daemon/schedules.ts';
import type { ActiveTask } from '../../src/model/active.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { activeTask, schedule, taskSpec } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { bookIn } from '../run/book.ts';
import { eventCollector } from '../run/event-collector.ts';
import { temporaryState } from '../state/open-state.ts';
import { fakeRunner } from './fake-runner.ts';

const hour = 3_600_000;
const applied = Date.UTC(2026, 0, 1);

function hourly(name: string, part: Partial<TaskSpec> = {}, appliedAt = applied): ActiveTask {
  const times = schedule({ cron: '0 * * * *', timeZone: 'UTC' });
  return activeTask(name, { spec: taskSpec({ schedule: times, ...part }), appliedAt });
}

async function scheduling(now = applied) {
  const state = await temporaryState();
  const onDisk = await bookIn(state.state);
  const clock = fakeClock(now);
  const runner = fakeRunner();
  const told = eventCollector();
  let active: ReadonlyMap<string, ActiveTask> = new Map();
  const checked: string[] = [];
  const schedules = createSchedules({
    ...{ runner, book: onDisk.book, clock, emit: told.emit },
    task: (name) => active.get(name),
    onCheckDue: (name) => checked.push(name),
  });
  function hold(...tasks: readonly ActiveTask[]): ReadonlyMap<string, ActiveTask> {
    active = new Map(tasks.map((task) => [task.name, task]));
    return active;
  }
  return {
    ...{ schedules, clock, runner, told, hold, book: onDisk.book, checked },
    async [Symbol.asyncDispose]() {
      schedules.close();
      await onDisk.book.flush();
      await onDisk[Symbol.asyncDispose]();
      await state[Symbol.asyncDispose]();
    },
  };
}

describe('schedules', () => {
  test('holds nothing before it is told of a task', async () => {
    await using world = await scheduling();
    world.hold(hourly('photos'));
    expect(world.schedules.next('photos')).toBeNull();
    expect(world.clock.timers).toBe(0);
  });

  test('fires at the time it names, again and again', async () => {
    await using world = await scheduling();
    const { schedules, clock, runner, told } = world;
    schedules.follow(world.hold(hourly('photos')));
    expect(schedules.next('photos')).toBe(applied + hour);
    expect(told.all('Scheduled')).toMatchObject([{ task: 'photos', next: applied + hour, timeZone: 'UTC' }]);
    clock.advance(hour);
    await runner.end('photos');
    clock.advance(hour);
    expect(runner.requests.map(({ scheduledFor }) => scheduledFor)).toEqual([applied + hour, applied + 2 * hour]);
    // Each time says which comes next, for it is told once the run has ended.
    expect(told.all('Scheduled').map(({ next }) => next)).toEqual([1, 2, 3].map((hours) => applied + hours * hour));
  });

  test('a suspended, a manual and a removed task are not held', async () => {
    await using world = await scheduling();
    const { schedules, clock, runner, hold } = world;
    schedules.follow(hold(hourly('photos'), hourly('music'), hourly('films')));
    schedules.follow(hold(hourly('photos', { enabled: false }), hourly('music', { schedule: null })));
    expect(['photos', 'music', 'films'].map(schedules.next)).toEqual([null, null, null]);
    clock.advance(3 * hour);
    expect(runner.requests).toEqual([]);
  });

  test('a task that is enabled again fires from then on, and makes up for nothing', async () => {
    await using world = await scheduling();
    const { schedules, clock, runner, hold } = world;
    schedules.follow(hold(hourly('photos', { enabled: false })));
    clock.advance(2.5 * hour);
    schedules.follow(hold(hourly('photos', {}, clock.now())));
    expect(schedules.next('photos')).toBe(applied + 3 * hour);
    clock.advance(hour / 4);
    expect(runner.requests).toEqual([]);
    clock.advance(hour / 4);
    expect(runner.requests).toHaveLength(1);
  });

  test('other times are told and held; another deadline is not news', async () => {
    await using world = await scheduling();
    const { schedules, told, hold } = world;
    schedules.follow(hold(hourly('photos')));
    const deadline = schedule({ cron: '0 * * * *', timeZone: 'UTC', deadlineMs: 1 });
    schedules.follow(hold(hourly('photos', { schedule: deadline })));
    expect(told.all('Scheduled')).toHaveLength(1);
    schedules.follow(hold(hourly('photos', { schedule: schedule({ cron: '30 * * * *', timeZone: null }) })));
    expect(told.all('Scheduled')[1]).toMatchObject({ next: applied + hour / 2, timeZone: expect.any(String) });
  });

  test('at its start it makes up for what was missed before', async () => {
    await using world = await scheduling(applied + 2.5 * hour);
    world.schedules.follow(world.hold(hourly('photos')));
    world.clock.advance(5 * 60_000);
    expect(world.runner.requests).toMatchObject([{ trigger: 'catchup', scheduledFor: applied + 2 * hour }]);
  });

  test('after a jump of the clock it makes up for what the jump passed over', async () => {
    await using world = await scheduling();
    const { schedules, clock, runner, hold } = world;
    schedules.follow(hold(hourly('photos'), hourly('off', { enabled: false })));
    clock.jumpTo(applied + 3.5 * hour);
    clock.advance(6 * 60_000);
    expect(runner.requests).toMatchObject([{ trigger: 'catchup', scheduledFor: applied + 3 * hour }]);
    expect(schedules.next('photos')).toBe(applied + 4 * hour);
  });

  test('a run in flight over a suspend is not started again', async () => {
    await using world = await scheduling();
    const { schedules, clock, runner, hold } = world;
    schedules.follow(hold(hourly('photos')));
    clock.advance(hour);
    clock.jumpTo(applied + 1.5 * hour);
    clock.advance(60_000);
    await runner.end('photos');
    clock.advance(6 * 60_000);
    expect(runner.requests).toHaveLength(1);
  });

  test('tells since when a success is due', async () => {
    await using world = await scheduling();
    const task = hourly('photos');
    expect(world.schedules.dueSince(task, 0)).toBe(applied + hour);
    expect(world.schedules.dueSince(task, applied + 1.5 * hour)).toBe(applied + 2 * hour);
    expect(world.schedules.dueSince(hourly('photos', { enabled: false }), 0)).toBeNull();
  });

  test('closed, it fires and makes up for nothing more', async () => {
    await using world = await scheduling(applied + 2.5 * hour);
    const { schedules, clock, runner, hold } = world;
    schedules.follow(hold(hourly('photos')));
    schedules.close();
    expect(clock.timers).toBe(0);
    clock.advance(3 * hour);
    expect(runner.requests).toEqual([]);
    expect(schedules.next('photos')).toBeNull();
  });
});

describe('checks', () => {
  const verify = { schedule: schedule({ cron: '30 * * * *', timeZone: 'UTC' }), sample: 0 };

  test('come by a schedule of their own, and start no run', async () => {
    await using opened = await scheduling();
    const { schedules, clock, runner, told, hold, checked } = opened;
    schedules.follow(hold(hourly('photos', { verify, schedule: null })));

    clock.advance(2 * hour);

    expect(checked).toEqual(['photos', 'photos']);
    expect(runner.requests).toEqual([]);
    expect(schedules.next('photos')).toBeNull();
    expect(told.all('Scheduled')).toEqual([]);
  });

  test('go with the task, when it is suspended, or when it asks for none', async () => {
    await using opened = await scheduling();
    const { schedules, clock, hold, checked } = opened;
    schedules.follow(hold(hourly('gone', { verify }), hourly('suspended', { verify }), hourly('other', { verify })));
    schedules.follow(hold(hourly('suspended', { verify, enabled: false }), hourly('other', { verify: null })));

    clock.advance(2 * hour);

    expect(checked).toEqual([]);
  });

  test('that were missed are not made up for', async () => {
    await using opened = await scheduling();
    const { schedules, clock, hold, checked } = opened;
    schedules.follow(hold(hourly('photos', { verify })));
    clock.jumpTo(clock.now() + 10 * hour);
    clock.advance(1000);
    expect(checked.length).toBeLessThanOrEqual(1);
  });
});
