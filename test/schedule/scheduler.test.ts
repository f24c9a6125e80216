import { describe, expect, test } from 'vitest';
import { createScheduler, type Scheduler } from '../../src/schedule/scheduler.ts';
import { schedule } from '../helper/build.ts';
import { type FakeClock, fakeClock } from '../helper/fake-clock.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const start = Date.UTC(2026, 0, 1);

const hourly = schedule({ cron: '0 * * * *', timeZone: 'UTC' });
const everyMinute = schedule({ cron: '* * * * *', timeZone: 'UTC' });

interface Rig {
  readonly clock: FakeClock;
  readonly scheduler: Scheduler;
  /** `name+minutes after the start` of each call. */
  readonly fired: string[];
  readonly jumps: number[];
}

function rig(onDue: (name: string, scheduler: Scheduler) => void = () => undefined): Rig {
  const clock = fakeClock(start);
  const fired: string[] = [];
  const jumps: number[] = [];
  const scheduler = createScheduler({
    clock,
    onDue(name, scheduledFor) {
      fired.push(`${name}+${(scheduledFor - start) / minute}`);
      onDue(name, scheduler);
    },
    onClockJump: (deltaMs) => jumps.push(deltaMs),
  });
  return { clock, scheduler, fired, jumps };
}

describe('scheduler', () => {
  test('calls each time once, without drift', () => {
    const { clock, scheduler, fired, jumps } = rig();
    scheduler.set('photos', hourly);
    clock.advance(hour - 1);
    expect(fired).toEqual([]);
    clock.advance(1);
    expect(fired).toEqual(['photos+60']);
    clock.advance(2 * hour + 1);
    expect(fired).toEqual(['photos+60', 'photos+120', 'photos+180']);
    expect(scheduler.next('photos')).toBe(start + 4 * hour);
    expect(jumps).toEqual([]);
  });

  test('equal times go by name, whatever order the tasks came in', () => {
    const { clock, scheduler, fired } = rig();
    for (const name of ['c', 'a', 'b']) scheduler.set(name, hourly);
    clock.advance(hour);
    expect(fired).toEqual(['a+60', 'b+60', 'c+60']);
  });

  test('the same times again change nothing, other times count from now', () => {
    const { clock, scheduler, fired } = rig();
    scheduler.set('photos', hourly);
    clock.advance(30 * minute);
    scheduler.set('photos', { ...hourly, deadlineMs: 1, missedRuns: 'Skip' });
    expect(scheduler.next('photos')).toBe(start + hour);
    scheduler.set('photos', schedule({ cron: '15 * * * *', timeZone: 'UTC' }));
    expect(scheduler.next('photos')).toBe(start + 75 * minute);
    clock.advance(hour);
    expect(fired).toEqual(['photos+75']);
  });

  test('a task that is removed is not called, and the others are', () => {
    const { clock, scheduler, fired } = rig();
    scheduler.set('a', hourly);
    scheduler.set('b', hourly);
    scheduler.remove('a');
    scheduler.remove('never-known');
    expect(scheduler.size).toBe(1);
    expect(scheduler.next('a')).toBeNull();
    clock.advance(hour);
    expect(fired).toEqual(['b+60']);
  });

  test('tasks can come, change and go while others are being called', () => {
    const { clock, scheduler, fired } = rig((name, inner) => {
      if (name !== 'a') return;
      inner.remove('b');
      inner.set('c', everyMinute);
      inner.set('a', everyMinute);
    });
    for (const name of ['a', 'b', 'c']) scheduler.set(name, hourly);
    clock.advance(hour + minute);
    expect(fired).toEqual(['a+60', 'a+61', 'c+61']);
    expect(clock.timers).toBe(1);
  });

  test('closing stops everything, also from within a call', () => {
    const { clock, scheduler, fired } = rig((_name, inner) => inner.close());
    scheduler.set('a', hourly);
    scheduler.set('b', hourly);
    clock.advance(2 * hour);
    scheduler.set('c', hourly);
    expect(fired).toEqual(['a+60']);
    expect(scheduler.size).toBe(0);
    expect(clock.timers).toBe(0);
    scheduler.close();
  });

  test('an error in a call does not stop the times that follow', () => {
    let broken = true;
    const { clock, scheduler, fired } = rig(() => {
      if (!broken) return;
      broken = false;
      throw new Error('Internal error: for this test');
    });
    scheduler.set('photos', hourly);
    expect(() => clock.advance(hour)).toThrow('for this test');
    clock.advance(hour);
    expect(fired).toEqual(['photos+60', 'photos+120']);
  });

  test('a schedule that never fires is held and never due', () => {
    const { clock, scheduler, fired } = rig();
    scheduler.set('photos', schedule({ cron: '0 0 31 2 *' }));
    clock.advance(hour);
    expect(scheduler.next('photos')).toBeNull();
    expect(fired).toEqual([]);
  });

  test('nothing to do, no timer', () => {
    const { clock, scheduler } = rig();
    expect(clock.timers).toBe(0);
    scheduler.set('photos', hourly);
    scheduler.remove('photos');
    expect(clock.timers).toBe(0);
  });

  test('ten thousand tasks share one timer', () => {
    const { clock, scheduler, fired } = rig();
    for (let index = 0; index < 10_000; index += 1) {
      const cron = `${index % 60} ${Math.floor(index / 60) % 24} * * *`;
      scheduler.set(`task-${index}`, schedule({ cron, timeZone: 'Europe/Stockholm', jitterMs: 10 * minute }));
    }
    expect(scheduler.size).toBe(10_000);
    expect(clock.timers).toBe(1);
    clock.advance(24 * hour);
    expect(fired).toHaveLength(10_000);
    expect(new Set(fired.map((entry) => entry.split('+')[0])).size).toBe(10_000);
    expect(clock.timers).toBe(1);
  });
});

describe('when the clock is not to be trusted', () => {
  test('asleep through a time: it is reported, not called, and the times after it are', () => {
    const { clock, scheduler, fired, jumps } = rig();
    scheduler.set('photos', hourly);
    clock.advance(30 * minute);
    clock.jumpTo(start + 90 * minute);
    clock.advance(30 * second);
    expect(jumps).toEqual([60 * minute]);
    expect(fired).toEqual([]);
    expect(scheduler.next('photos')).toBe(start + 2 * hour);
    clock.advance(30 * minute);
    expect(fired).toEqual(['photos+120']);
  });

  test('a task that comes in just after the sleep does not hide it', () => {
    const { clock, scheduler, fired, jumps } = rig();
    scheduler.set('photos', hourly);
    clock.jumpTo(start + 90 * minute);
    scheduler.set('music', schedule({ cron: '* * * * * *', timeZone: 'UTC' }));
    expect(jumps).toEqual([90 * minute - 30 * second]);
    expect(fired).toEqual([]);
    expect(scheduler.next('photos')).toBe(start + 2 * hour);
  });

  test('late by less than five seconds is simply late, and nothing is lost', () => {
    const { clock, scheduler, fired, jumps } = rig();
    scheduler.set('photos', schedule({ cron: '59 * * * * *', timeZone: 'UTC' }));
    scheduler.set('tick', schedule({ cron: '58-59 * * * * *', timeZone: 'UTC' }));
    clock.advance(57 * second);
    clock.jumpTo(start + minute + 2 * second);
    clock.advance(second);
    expect(fired.map((entry) => entry.split('+')[0])).toEqual(['tick', 'photos', 'tick']);
    expect(jumps).toEqual([]);
  });

  test('set back by an hour: noticed, and what was done is not done again', () => {
    const { clock, scheduler, fired, jumps } = rig();
    scheduler.set('photos', hourly);
    clock.advance(hour + 10 * minute);
    clock.jumpTo(start + 10 * minute);
    clock.advance(30 * second);
    expect(jumps).toEqual([-hour]);
    expect(scheduler.next('photos')).toBe(start + 2 * hour);
    clock.advance(2 * hour);
    expect(fired).toEqual(['photos+60', 'photos+120']);
  });

  test('set back by days: the old time was wrong, and the schedule follows the new one', () => {
    const { clock, scheduler, fired, jumps } = rig();
    scheduler.set('photos', hourly);
    clock.advance(hour);
    clock.jumpTo(start - 48 * hour);
    clock.advance(minute);
    expect(jumps).toEqual([-49 * hour]);
    expect(scheduler.next('photos')).toBe(start - 47 * hour);
    clock.advance(hour);
    expect(fired).toEqual(['photos+60', 'photos+-2820']);
  });

  test('set back a little: no double call', () => {
    const { clock, scheduler, fired, jumps } = rig();
    scheduler.set('photos', everyMinute);
    clock.advance(minute);
    clock.jumpTo(start + minute - 3 * second);
    clock.advance(minute);
    expect(fired).toEqual(['photos+1']);
    clock.advance(3 * second);
    expect(fired).toEqual(['photos+1', 'photos+2']);
    expect(jumps).toEqual([]);
  });

  test('the owner may change tasks when told of a jump', () => {
    const clock = fakeClock(start);
    const fired: string[] = [];
    const scheduler = createScheduler({
      clock,
      onDue: (name) => fired.push(name),
      onClockJump: () => scheduler.set('music', everyMinute),
    });
    scheduler.set('photos', hourly);
    clock.jumpTo(start + 10 * minute);
    clock.advance(3 * minute);
    expect(fired.slice(0, 2)).toEqual(['music', 'music']);
    expect(clock.timers).toBe(1);
  });
});
