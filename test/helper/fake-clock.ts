import type { Clock } from '../../src/model/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on and fires, in order, what falls due on the way. */
  advance(ms: number): void;
  /** Sets the wall clock without letting time pass, as a suspended machine or a changed clock does. */
  jumpTo(now: number): void;
  readonly timers: number;
  /** How long until the next one fires; `Infinity`: none will. */
  next(): number;
}

export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  let pending: { at: number; readonly callback: () => void }[] = [];

  return {
    now: () => now,
    setTimer(callback, delayMs) {
      const timer = { at: now + Math.max(0, delayMs), callback };
      pending.push(timer);
      return () => {
        pending = pending.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = pending.filter((timer) => timer.at <= end).sort((left, right) => left.at - right.at)[0];
        if (due === undefined) break;
        pending = pending.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.callback();
      }
      now = end;
    },
    jumpTo(to) {
      // The same timers as before, so that they can still be cancelled.
      for (const timer of pending) timer.at += to - now;
      now = to;
    },
    get timers() {
      return pending.length;
    },
    next: () => Math.min(...pending.map(({ at }) => at)) - now,
  };
}
