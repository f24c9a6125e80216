import type { Clock } from '../model/clock.ts';
import { retryDelayMs } from '../run/retry.ts';

/** Work that is known by its key: what matters is that it is done after it was asked for, not how often. */
export interface WorkQueue {
  /** Has it done as soon as there is room; where it is being done, once more after that. */
  add(key: string): void;
  /** Has it done after the pause that follows a failure, unless it is asked for before. */
  addLater(key: string): void;
  /** Resolves when all is done that does not wait for such a pause. */
  settled(): Promise<void>;
  /** What waits for a pause is given up. */
  close(): void;
}

interface WorkQueueOptions {
  /** Never called for a key while it is at work on that key. */
  readonly work: (key: string) => Promise<'done' | 'failed'>;
  /** Keys that are worked on at the same time. */
  readonly atOnce: number;
  readonly clock: Clock;
  /** From 0 to 1: sets apart what failed for the same reason. */
  readonly spread?: () => number;
}

export const firstPauseMs = 750;
export const longestPauseMs = 15 * 60_000;

export function createWorkQueue({ work, atOnce, clock, spread = Math.random }: WorkQueueOptions): WorkQueue {
  /** In the order in which they came. */
  const waiting = new Set<string>();
  /** With whether they were asked for again meanwhile. */
  const running = new Map<string, boolean>();
  const failures = new Map<string, number>();
  /** Ends the pause of a key. */
  const pauses = new Map<string, () => void>();
  let onIdle: (() => void)[] = [];

  function add(key: string): void {
    if (running.has(key)) {
      running.set(key, true);
      return;
    }
    endPause(key);
    waiting.add(key);
    begin();
  }

  function begin(): void {
    for (const key of waiting) {
      if (running.size >= atOnce) return;
      waiting.delete(key);
      void process(key);
    }
  }

  async function process(key: string): Promise<void> {
    running.set(key, false);
    const outcome = await work(key);
    const isWanted = running.get(key) === true;
    running.delete(key);
    if (outcome === 'failed') {
      failures.set(key, (failures.get(key) ?? 0) + 1);
      pause(key);
    } else {
      failures.delete(key);
      if (isWanted) waiting.add(key);
    }
    begin();
    if (running.size === 0) tellIdle();
  }

  function pause(key: string): void {
    const delayMs = retryDelayMs(firstPauseMs, failures.get(key) ?? 1, spread(), longestPauseMs);
    endPause(key);
    pauses.set(
      key,
      clock.setTimer(() => add(key), delayMs),
    );
  }

  function endPause(key: string): void {
    pauses.get(key)?.();
    pauses.delete(key);
  }

  function tellIdle(): void {
    const listeners = onIdle;
    onIdle = [];
    for (const listener of listeners) listener();
  }

  return {
    add,
    addLater(key) {
      if (!running.has(key) && !waiting.has(key) && !pauses.has(key)) pause(key);
    },
    settled() {
      if (running.size === 0) return Promise.resolve();
      return new Promise((resolve) => onIdle.push(resolve));
    },
    close() {
      for (const key of [...pauses.keys()]) endPause(key);
    },
  };
}
