import type { Emit, Event } from '../../src/model/event.ts';
import { waitFor } from '../helper/waits.ts';

type EventOf<T extends Event['type']> = Extract<Event, { readonly type: T }>;

/** Everything that was told, and a way to wait for what has not been told yet. */
export interface EventCollector {
  readonly emit: Emit;
  readonly events: readonly Event[];
  all<T extends Event['type']>(type: T): readonly EventOf<T>[];
  /** The `count`th event of a type, past or future. */
  next<T extends Event['type']>(type: T, count?: number): Promise<EventOf<T>>;
}

export function eventCollector(): EventCollector {
  const events: Event[] = [];
  let told: (() => void)[] = [];

  function all<T extends Event['type']>(type: T): readonly EventOf<T>[] {
    return events.filter((event): event is EventOf<T> => event.type === type);
  }

  return {
    events,
    all,
    emit(event) {
      events.push(event);
      const waiting = told;
      told = [];
      for (const tell of waiting) tell();
    },
    async next(type, count = 1) {
      for (;;) {
        const found = all(type)[count - 1];
        if (found !== undefined) return found;
        const what = () => `event ${type}, number ${count}; so far: ${events.map((event) => event.type).join(' ')}`;
        await waitFor(what, new Promise<void>((resolve) => told.push(resolve)));
      }
    },
  };
}
