import type { Clock } from '../model/clock.ts';
import type { Event } from '../model/event.ts';

/** Between two writes of a status that only differ in progress. */
const progressIntervalMs = 2000;

/** Says of which task an event changes the status, of progress only now and then; `null`: of none. */
export function createStatusNews(clock: Clock): (event: Event) => string | null {
  const progressWritten = new Map<string, number>();
  return (event) => {
    switch (event.type) {
      case 'RunProgress': {
        const now = clock.now();
        if (now - (progressWritten.get(event.task) ?? 0) < progressIntervalMs) return null;
        progressWritten.set(event.task, now);
        return event.task;
      }
      case 'RunStarted':
      case 'RunFinished':
      case 'RunSkipped':
      case 'CheckFinished':
        return event.task;
      default:
        return null;
    }
  };
}
