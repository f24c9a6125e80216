import { createSchedules } from '../../src/daemon/schedules.ts';
import type { ActiveTask } from '../../src/model/active.ts';
import type { Outcome } from '../../src/model/run.ts';
import type { Schedule, TaskSpec } from '../../src/model/task.ts';
import type { RunBook } from '../../src/run/run-book.ts';
import type { RunRequest } from '../../src/run/runner.ts';
import { nextRun } from '../../src/schedule/next-run.ts';
import { activeTask, remoteLocation, runRecord, schedule, taskSpec } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { eventCollector } from '../run/event-collector.ts';
import { fakeRunner } from './fake-runner.ts';

export const minute = 60_000;
export const hour = 60 * minute;
const origin = Date.UTC(2026, 0, 10);
export const deadline = 6 * hour;
/** A correction of the clock by more begins a new account: what was done before was done by a wrong clock. */
const longestRepeat = 3 * hour;

interface Begun {
  readonly scheduledFor: number;
  readonly at: number;
}

/** One task, whose daemon, clock and manifest have a hard life. */
export function clockStory(name: string, book: RunBook) {
  const clock = fakeClock(origin);
  let runner = fakeRunner();
  let told = eventCollector();
  let task = taskWith({}, origin);
  let schedules = begin();
  let folders = 0;
  let wasWrong = false;
  /** What earlier daemons were asked for, and when each run began. */
  const before: RunRequest[] = [];
  const startedAt: number[] = [];
  /** Runs by one schedule and one clock; a change of either begins a new account. */
  const accounts: Begun[][] = [[]];

  function begin() {
    const made = createSchedules({ runner, book, clock, emit: told.emit, task: () => task, onCheckDue: () => {} });
    made.follow(new Map([[name, task]]));
    return made;
  }

  function taskWith(part: Partial<TaskSpec>, scheduledSince: number): ActiveTask {
    const times = schedule({ cron: '0 * * * *', timeZone: 'UTC', deadlineMs: deadline, jitterMs: 7 * minute });
    return activeTask(name, { spec: taskSpec({ schedule: times, ...part }), scheduledSince });
  }

  function edit(part: Partial<TaskSpec>, scheduledSince: number): void {
    task = taskWith({ ...task.spec, ...part }, scheduledSince);
    schedules.follow(new Map([[name, task]]));
  }

  function collect(): void {
    const requests = [...before, ...runner.requests];
    while (startedAt.length < requests.length) startedAt.push(clock.now());
    const known = accounts.flat().length;
    const begun = requests.slice(known).map(({ scheduledFor }, index) => {
      return { scheduledFor: scheduledFor ?? 0, at: startedAt[known + index] ?? 0 };
    });
    accounts.at(-1)?.push(...begun);
    for (const { scheduledFor } of begun) book.begun(name, scheduledFor);
  }

  /** By small steps, so that each run is seen at about the moment when it begins. */
  function advance(ms: number): void {
    for (let left = ms; left > 0; left -= minute) {
      clock.advance(Math.min(minute, left));
      collect();
    }
  }

  function record(outcome: Outcome): void {
    const scheduledFor = runner.requests.at(-1)?.scheduledFor ?? null;
    const times = { startedAt: startedAt.at(-1) ?? 0, finishedAt: clock.now() };
    void book.enter(runRecord({ ...times, task: name, scheduledFor, outcome, log: null }), task.spec.history);
  }

  async function endRun(): Promise<void> {
    if (runner.running === 0) return;
    record('Succeeded');
    await runner.end(name);
    collect();
  }

  return {
    accounts,
    get now() {
      return clock.now();
    },
    advance,
    endRun,
    /** The clock is set, or the machine sleeps. */
    jump(ms: number): void {
      clock.jumpTo(clock.now() + ms);
      const latest = Math.max(...accounts.flat().map(({ scheduledFor }) => scheduledFor));
      if (latest - clock.now() <= longestRepeat && task.scheduledSince <= clock.now()) return;
      wasWrong = true;
      accounts.push([]);
    },
    /** The daemon dies, and starts after a while with what it finds in the state directory. */
    restart(after: number): void {
      schedules.close();
      clock.jumpTo(clock.now() + after);
      if (runner.running > 0) record('Interrupted');
      before.push(...runner.requests);
      [runner, told] = [fakeRunner(), eventCollector()];
      schedules = begin();
    },
    editFolder(): void {
      folders += 1;
      edit({ remote: remoteLocation({ folder: `photos-${folders}` }) }, task.scheduledSince);
    },
    editTimes(minuteOfHour: number): void {
      accounts.push([]);
      const times = { ...(task.spec.schedule as Schedule), cron: `${minuteOfHour} * * * *` };
      edit({ schedule: times }, clock.now());
    },
    enable(enabled: boolean): void {
      if (task.spec.enabled === enabled) return;
      accounts.push([]);
      edit({ enabled }, clock.now());
    },
    /** What the schedule named after `from` and up to `to`. */
    timesBetween(from: number, to: number): readonly number[] {
      const times: number[] = [];
      const { schedule: held } = task.spec;
      if (held === null || !task.spec.enabled) return [];
      for (let time = nextRun(name, held, from); time !== null && time <= to; time = nextRun(name, held, time)) {
        times.push(time);
      }
      return times;
    },
    get scheduledSince() {
      return task.scheduledSince;
    },
    /** The clock was set back by so much that what was known before says nothing. */
    get wasWrong() {
      return wasWrong;
    },
    get skipped(): readonly number[] {
      return told.all('RunSkipped').map(({ scheduledFor }) => scheduledFor);
    },
    close: () => schedules.close(),
  };
}
