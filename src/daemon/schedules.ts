import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import type { Schedule } from '../model/task.ts';
import type { RunBook } from '../run/run-book.ts';
import type { Runner } from '../run/runner.ts';
import { nextRun } from '../schedule/next-run.ts';
import { createScheduler, type Scheduler } from '../schedule/scheduler.ts';
import { daemonTimeZone } from '../schedule/times.ts';
import { createDispatcher } from './dispatcher.ts';

/** The schedules that are held: which task is due when, and what happens then. Holds none until it is told of some. */
export interface Schedules {
  /**
   * Holds the schedules of these tasks from now on, and no others. The first call also makes up for what was missed
   * while nobody held them.
   */
  follow(active: ActiveSet): void;
  /** `null`: nothing is due, or nothing fires. */
  next(task: string): number | null;
  /** The first time that a task's schedule named after its last success and after it was applied. */
  dueSince(task: ActiveTask, lastSuccess: number): number | null;
  /** Whether it has schedules to hold and a timer for them. */
  readonly firing: boolean;
  close(): void;
}

interface SchedulesOptions {
  readonly runner: Runner;
  readonly book: RunBook;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly task: (name: string) => ActiveTask | undefined;
  /** The time has come to compare both sides of a task. One that was missed is not made up for. */
  readonly onCheckDue: (task: string) => void;
}

export function createSchedules({ runner, book, clock, emit, task: taskOf, onCheckDue }: SchedulesOptions): Schedules {
  const dispatcher = createDispatcher({ runner, book, clock, emit, task: taskOf });
  const held = new Map<string, Schedule>();
  /** Asked for each task with each pass. */
  const dues = new WeakMap<ActiveTask, { readonly since: number; readonly due: number | null }>();
  let scheduler: Scheduler | null = null;

  function hold(by: Scheduler, name: string, schedule: Schedule): void {
    const before = held.get(name);
    if (before === schedule) return;
    held.set(name, schedule);
    by.set(name, schedule);
    if (before !== undefined && sameTimes(before, schedule)) return;
    if (before !== undefined) dispatcher.forget(name);
    tell(name);
  }

  function follow(by: Scheduler, name: string, schedule: Schedule | null): void {
    if (schedule === null) drop(name);
    else hold(by, name, schedule);
  }

  function tell(name: string): void {
    // When a check is due says nothing about the runs of the task.
    if (name.endsWith(checkSuffix)) return;
    const timeZone = held.get(name)?.timeZone ?? daemonTimeZone();
    emit({ type: 'Scheduled', task: name, next: scheduler?.next(name) ?? null, timeZone });
  }

  function drop(name: string): void {
    if (!held.delete(name)) return;
    scheduler?.remove(name);
    dispatcher.forget(name);
  }

  function begin(): Scheduler {
    return createScheduler({
      clock,
      onDue(name, scheduledFor) {
        if (name.endsWith(checkSuffix)) {
          onCheckDue(taskNameOf(name));
          return;
        }
        dispatcher.due(name, scheduledFor);
        tell(name);
      },
      onClockJump() {
        for (const name of held.keys()) dispatcher.catchUp(name);
      },
    });
  }

  return {
    follow(active) {
      const first = scheduler === null;
      scheduler ??= begin();
      for (const [name, task] of active) {
        follow(scheduler, name, scheduleOf(task));
        follow(scheduler, `${name}${checkSuffix}`, checkScheduleOf(task));
      }
      for (const name of [...held.keys()]) if (!active.has(taskNameOf(name))) drop(name);
      if (first) for (const name of active.keys()) dispatcher.catchUp(name);
    },
    next: (name) => scheduler?.next(name) ?? null,
    dueSince(task, lastSuccess) {
      const since = Math.max(task.scheduledSince, lastSuccess);
      const known = dues.get(task);
      if (known?.since === since) return known.due;
      const schedule = scheduleOf(task);
      const due = schedule === null ? null : nextRun(task.name, schedule, since);
      dues.set(task, { since, due });
      return due;
    },
    get firing() {
      return scheduler !== null;
    },
    close() {
      for (const name of [...held.keys()]) drop(name);
      scheduler?.close();
      scheduler = null;
    },
  };
}

/** No task's name has a slash in it. */
const checkSuffix = '/verify';

function taskNameOf(held: string): string {
  return held.endsWith(checkSuffix) ? held.slice(0, -checkSuffix.length) : held;
}

function checkScheduleOf({ spec }: ActiveTask): Schedule | null {
  return spec.enabled ? (spec.verify?.schedule ?? null) : null;
}

function scheduleOf(task: ActiveTask): Schedule | null {
  return task.spec.enabled ? task.spec.schedule : null;
}

function sameTimes(left: Schedule, right: Schedule): boolean {
  return left.cron === right.cron && left.timeZone === right.timeZone && left.jitterMs === right.jitterMs;
}
