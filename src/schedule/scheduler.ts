import type { Clock } from '../model/clock.ts';
import type { Schedule } from '../model/task.ts';
import { isPlausible } from './clock-correction.ts';
import { createHeap } from './heap.ts';
import { nextRun } from './next-run.ts';

export interface Scheduler {
  /** Takes a task in. The same times again change nothing; other times count from now. */
  set(name: string, schedule: Schedule): void;
  remove(name: string): void;
  /** When a task is due next; `null` if never or not known. */
  next(name: string): number | null;
  readonly size: number;
  close(): void;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  /** Called once for each time that a task is due, in the order of the times, then of the names. */
  onDue(name: string, scheduledFor: number): void;
  /**
   * The clock was set, or the machine or the process stood still; positive is forward. What was due in between has not
   * been called and will not be: the owner judges it as missed.
   */
  onClockJump?(deltaMs: number): void;
}

interface Entry {
  readonly name: string;
  readonly schedule: Schedule;
  readonly at: number;
  readonly lastDue: number;
}

interface Timer {
  readonly setAt: number;
  readonly wakeAt: number;
  cancel(): void;
}

/** The timer never sleeps longer, so that a changed clock is noticed soon. */
const maxSleepMs = 30_000;
/** What is late by less than this is simply late; more is a jump of the clock. */
const maxLateMs = 5_000;

/** One heap and one timer for all tasks. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock } = options;
  const entries = new Map<string, Entry>();
  let heap = emptyHeap();
  let timer: Timer | null = null;
  let state: 'waiting' | 'firing' | 'closed' = 'waiting';

  function emptyHeap() {
    return createHeap<Entry>({ before: isBefore, isLive: (entry) => entries.get(entry.name) === entry });
  }

  function set(name: string, schedule: Schedule): void {
    const entry = entries.get(name);
    if (state === 'closed' || (entry !== undefined && sameTimes(entry.schedule, schedule))) return;
    enter({ name, schedule, lastDue: Number.NEGATIVE_INFINITY }, clock.now());
    arm();
  }

  function enter({ name, schedule, lastDue }: Omit<Entry, 'at'>, afterMs: number): void {
    const at = nextRun(name, schedule, afterMs) ?? Number.POSITIVE_INFINITY;
    // Not by a spread, after which an object takes half as much again; there may be a hundred thousand.
    const entry = { name, schedule, at, lastDue };
    entries.set(name, entry);
    heap.push(entry);
  }

  function arm(): void {
    const first = heap.peek();
    if (state !== 'waiting') return;
    const now = clock.now();
    const deltaMs = timer === null ? 0 : driftBeforeWake(timer, now);
    if (Math.abs(deltaMs) > maxLateMs) {
      jump(deltaMs);
    } else if (first === undefined || timer === null || timer.wakeAt > first.at) {
      timer?.cancel();
      timer = first === undefined ? null : sleep(now, Math.min(first.at, now + maxSleepMs));
    }
  }

  function sleep(now: number, wakeAt: number): Timer {
    return { setAt: now, wakeAt, cancel: clock.setTimer(wake, wakeAt - now) };
  }

  function wake(): void {
    const now = clock.now();
    const deltaMs = timer === null ? 0 : now - timer.wakeAt;
    timer = null;
    if (Math.abs(deltaMs) > maxLateMs) {
      jump(deltaMs);
    } else {
      fireUntil(now);
    }
  }

  function fireUntil(now: number): void {
    state = 'firing';
    try {
      fireDue(now);
    } finally {
      if (isFiring()) {
        state = 'waiting';
        arm();
      }
    }
  }

  function fireDue(now: number): void {
    for (let due = heap.peek(); due !== undefined && due.at <= now && isFiring(); due = heap.peek()) {
      heap.pop();
      // From the time itself, not from now: neither drifts nor loses a time, and a clock set back does not repeat it.
      enter({ name: due.name, schedule: due.schedule, lastDue: due.at }, due.at);
      options.onDue(due.name, due.at);
    }
  }

  function jump(deltaMs: number): void {
    const now = clock.now();
    heap = emptyHeap();
    for (const entry of [...entries.values()]) {
      enter(entry, isPlausible(entry.lastDue, now) ? Math.max(now, entry.lastDue) : now);
    }
    timer?.cancel();
    timer = null;
    arm();
    options.onClockJump?.(deltaMs);
  }

  /** `state` changes inside callbacks, where the compiler does not look. */
  function isFiring(): boolean {
    return state === 'firing';
  }

  return {
    set,
    remove(name) {
      if (entries.delete(name)) arm();
    },
    next(name) {
      const at = entries.get(name)?.at;
      return at === undefined || at === Number.POSITIVE_INFINITY ? null : at;
    },
    get size() {
      return entries.size;
    },
    close() {
      state = 'closed';
      timer?.cancel();
      timer = null;
      entries.clear();
    },
  };
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.name < right.name);
}

/** The policies for missed runs do not change when a task is due. */
function sameTimes(left: Schedule, right: Schedule): boolean {
  return left.cron === right.cron && left.timeZone === right.timeZone && left.jitterMs === right.jitterMs;
}

/** While a timer sleeps, the clock must read between the time it was set and the time it ends. */
function driftBeforeWake(timer: Timer, now: number): number {
  if (now < timer.setAt) return now - timer.setAt;
  return Math.max(0, now - timer.wakeAt);
}
