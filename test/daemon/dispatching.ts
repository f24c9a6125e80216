import { createDispatcher } from '../../src/daemon/dispatcher.ts';
import type { ActiveTask } from '../../src/model/active.ts';
import type { Schedule } from '../../src/model/task.ts';
import { activeTask, remoteLocation, schedule, taskSpec } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { bookIn } from '../run/book.ts';
import { eventCollector } from '../run/event-collector.ts';
import { temporaryState } from '../state/open-state.ts';
import { fakeRunner } from './fake-runner.ts';

export const hour = 3_600_000;
export const applied = Date.UTC(2026, 0, 1);

export function hourly(part: Partial<Schedule> = {}, folder = 'photos'): ActiveTask {
  const times = schedule({ cron: '0 * * * *', timeZone: 'UTC', deadlineMs: 2 * hour, ...part });
  return activeTask('photos', {
    spec: taskSpec({ schedule: times, remote: remoteLocation({ folder }) }),
    appliedAt: applied,
  });
}

/** One task, applied at midnight; it is now as many hours later. */
export async function dispatching(hoursLater: number, task = hourly()) {
  const state = await temporaryState();
  const onDisk = await bookIn(state.state);
  const clock = fakeClock(applied + hoursLater * hour);
  const runner = fakeRunner();
  const told = eventCollector();
  const tasks = new Map([[task.name, task]]);
  const dispatcher = createDispatcher({
    ...{ runner, book: onDisk.book, clock, emit: told.emit },
    task: (name) => tasks.get(name),
  });
  return {
    ...{ dispatcher, runner, clock, told, tasks, book: onDisk.book },
    async [Symbol.asyncDispose]() {
      await onDisk.book.flush();
      await onDisk[Symbol.asyncDispose]();
      await state[Symbol.asyncDispose]();
    },
  };
}
