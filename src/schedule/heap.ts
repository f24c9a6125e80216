/** A queue that gives the smallest item first. Items that are no longer wanted stay inside until they surface. */
export interface Heap<T> {
  push(item: T): void;
  /** The smallest live item, left in its place. */
  peek(): T | undefined;
  pop(): T | undefined;
}

export interface HeapOptions<T> {
  /** Whether the left item comes before the right one. */
  before(left: T, right: T): boolean;
  isLive(item: T): boolean;
}

/** A binary heap with lazy invalidation: dead items are dropped on top, and all at once when they are the majority. */
export function createHeap<T>({ before, isLive }: HeapOptions<T>): Heap<T> {
  let items: T[] = [];
  let sizeAtSweep = 0;

  function push(item: T): void {
    if (items.length > 2 * sizeAtSweep + 64) sweep();
    items.push(item);
    siftUp(items, before);
  }

  function peek(): T | undefined {
    for (;;) {
      const top = items[0];
      if (top === undefined || isLive(top)) return top;
      removeTop(items, before);
    }
  }

  function pop(): T | undefined {
    const top = peek();
    if (top !== undefined) removeTop(items, before);
    return top;
  }

  function sweep(): void {
    // A sorted array is a heap.
    items = items.filter(isLive).sort((left, right) => (before(left, right) ? -1 : 1));
    sizeAtSweep = items.length;
  }

  return { push, peek, pop };
}

function siftUp<T>(items: T[], before: (left: T, right: T) => boolean): void {
  let index = items.length - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIf(items, index, parent, before)) return;
    index = parent;
  }
}

function removeTop<T>(items: T[], before: (left: T, right: T) => boolean): void {
  const last = items.pop();
  if (last === undefined || items.length === 0) return;
  items[0] = last;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= items.length) return;
    const child = isBefore(items, left + 1, left, before) ? left + 1 : left;
    if (!swapIf(items, child, index, before)) return;
    index = child;
  }
}

function swapIf<T>(items: T[], lower: number, upper: number, before: (left: T, right: T) => boolean): boolean {
  if (!isBefore(items, lower, upper, before)) return false;
  [items[lower], items[upper]] = [items[upper] as T, items[lower] as T];
  return true;
}

function isBefore<T>(items: readonly T[], index: number, other: number, before: (l: T, r: T) => boolean): boolean {
  return index < items.length && before(items[index] as T, items[other] as T);
}
