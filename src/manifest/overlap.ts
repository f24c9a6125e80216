/** Two entries overlap when the key of one begins with the key of the other. */
export interface OverlapEntry<T> {
  readonly key: string;
  readonly item: T;
  /** A pair counts only when one of the two is marked. */
  readonly marked: boolean;
}

/** Pairs beyond this number for one entry add nothing that a reader could use. */
const mostPairs = 3;

/** Of entries that lie above one and do not count beside it, no more are looked at: ten thousand may have one key. */
const mostTried = 50;

/**
 * Overlapping pairs, the containing entry first. After sorting, all that is below an entry follows it, so one pass with
 * the entries that are still open suffices.
 */
export function overlappingPairs<T>(
  entries: readonly OverlapEntry<T>[],
  accepts: (outer: T, inner: T) => boolean,
): readonly (readonly [outer: T, inner: T])[] {
  const sorted = [...entries].sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  const pairs: (readonly [T, T])[] = [];
  let open: OverlapEntry<T>[] = [];
  let openMarked: OverlapEntry<T>[] = [];
  for (const entry of sorted) {
    open = stillOpen(open, entry.key);
    openMarked = stillOpen(openMarked, entry.key);
    let count = 0;
    for (const outer of (entry.marked ? open : openMarked).slice(-mostTried)) {
      if (!accepts(outer.item, entry.item)) continue;
      pairs.push([outer.item, entry.item]);
      count += 1;
      if (count === mostPairs) break;
    }
    open.push(entry);
    if (entry.marked) openMarked.push(entry);
  }
  return pairs;
}

function stillOpen<T>(open: OverlapEntry<T>[], key: string): OverlapEntry<T>[] {
  for (let last = open.at(-1); last !== undefined && !key.startsWith(last.key); last = open.at(-1)) open.pop();
  return open;
}
