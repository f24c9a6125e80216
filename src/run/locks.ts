/** One thing that a run uses. A place is what it names and all below it, part by part: `a` is not above `ab`. */
export interface Claim {
  /** Claims of different spaces never meet, such as local paths and the places of one remote. */
  readonly space: string;
  readonly parts: readonly string[];
  /** Readers share; a writer shares with nobody. */
  readonly mode: 'read' | 'write';
}

export interface Locks {
  /**
   * Resolves with the function that gives everything back, once nobody before holds or waits for what meets a claim.
   * `onWait` is told who is in the way. `null`: the wait was cancelled.
   */
  acquire(
    owner: string,
    claims: readonly Claim[],
    signal: AbortSignal,
    onWait: (owner: string) => void,
  ): Promise<(() => void) | null>;
}

interface Holder {
  readonly owner: string;
  readonly claims: readonly Claim[];
  /** Lets a waiting one in. */
  readonly enter: () => void;
  waiting: boolean;
}

/** First come, first served among those that meet: a reader does not overtake a writer that waits, so none starves. */
export function createLocks(): Locks {
  const line: Holder[] = [];

  function inTheWay(holder: Holder): Holder | undefined {
    return line.slice(0, line.indexOf(holder)).find((before) => meets(before.claims, holder.claims));
  }

  function leave(holder: Holder): void {
    const place = line.indexOf(holder);
    if (place < 0) return;
    line.splice(place, 1);
    for (const other of [...line]) {
      if (!other.waiting || inTheWay(other) !== undefined) continue;
      other.waiting = false;
      other.enter();
    }
  }

  return {
    acquire(owner, claims, signal, onWait) {
      if (signal.aborted) return Promise.resolve(null);
      return new Promise((resolve) => {
        const release = () => leave(holder);
        const cancel = () => {
          release();
          resolve(null);
        };
        const enter = () => {
          signal.removeEventListener('abort', cancel);
          resolve(release);
        };
        const holder: Holder = { owner, claims, enter, waiting: true };
        line.push(holder);
        const before = inTheWay(holder);
        if (before === undefined) {
          holder.waiting = false;
          return resolve(release);
        }
        signal.addEventListener('abort', cancel, { once: true });
        onWait(before.owner);
      });
    },
  };
}

function meets(left: readonly Claim[], right: readonly Claim[]): boolean {
  return left.some((one) => right.some((other) => conflicts(one, other)));
}

function conflicts(one: Claim, other: Claim): boolean {
  if (one.space !== other.space || (one.mode === 'read' && other.mode === 'read')) return false;
  const shared = Math.min(one.parts.length, other.parts.length);
  return one.parts.slice(0, shared).every((part, index) => part === other.parts[index]);
}
