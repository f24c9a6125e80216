/** Time comes in through this door, so that tests can hold it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, after the delay; the result cancels it. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

/** Node takes a longer delay for 1 ms: a run with a timeout of 30 days would be over at once. */
const longestDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    let timer: NodeJS.Timeout;
    function wait(remainingMs: number): void {
      const partMs = Math.min(remainingMs, longestDelayMs);
      timer = setTimeout(() => (partMs < remainingMs ? wait(remainingMs - partMs) : callback()), partMs);
    }
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};
