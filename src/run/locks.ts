import { type Place, relationOf } from '../place/place.ts';
import { isOverlap } from '../place/relation.ts';

/** One thing that a run uses. Readers share; a writer shares with nobody. */
export type Claim =
  /** A place, with all that is below it. */
  | { readonly space: 'place'; readonly place: Place; readonly mode: 'read' | 'write' }
  | { readonly space: 'token'; readonly credential: string; readonly mode: 'read' | 'write' };

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
  if (one.mode === 'read' && other.mode === 'read') return false;
  if (one.space === 'token') return other.space === 'token' && one.credential === other.credential;
  return other.space === 'place' && mayOverlap(one.place, other.place);
}

/** Two accounts that may be one are taken for one: to wait does no harm. */
function mayOverlap(one: Place, other: Place): boolean {
  const relation = relationOf(one, other);
  return isOverlap(relation) || (relation === 'unknown' && one.kind === 'far' && other.kind === 'far');
}
