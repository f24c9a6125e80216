/** Lets at most `limit` pieces of work run at once; the others wait in the order in which they came. */
export interface Queue {
  /** Resolves with the function that gives the place back. `null`: the wait was cancelled. */
  enter(signal: AbortSignal): Promise<(() => void) | null>;
  readonly waiting: number;
  /** Whoever enters now has to wait. */
  readonly full: boolean;
}

export function createQueue(limit: number): Queue {
  let running = 0;
  const waiting: (() => void)[] = [];

  function leave(): void {
    running -= 1;
    waiting.shift()?.();
  }

  function take(): () => void {
    running += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      leave();
    };
  }

  return {
    get waiting() {
      return waiting.length;
    },
    get full() {
      return running >= limit;
    },
    enter(signal) {
      if (signal.aborted) return Promise.resolve(null);
      if (running < limit) return Promise.resolve(take());
      return new Promise((resolve) => {
        const next = () => {
          signal.removeEventListener('abort', cancel);
          resolve(take());
        };
        const cancel = () => {
          waiting.splice(waiting.indexOf(next), 1);
          resolve(null);
        };
        waiting.push(next);
        signal.addEventListener('abort', cancel, { once: true });
      });
    },
  };
}
