import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWorkQueue, firstPauseMs, longestPauseMs } from '../../src/daemon/work-queue.ts';
import { fakeClock } from '../helper/fake-clock.ts';

type Outcome = 'done' | 'failed';

interface Attempt {
  readonly key: string;
  readonly at: number;
  end(outcome: Outcome): void;
}

/** A queue whose work takes until the test says so. */
function heldQueue(atOnce: number, spread = 0.5) {
  const clock = fakeClock(0);
  const started: Attempt[] = [];
  const running: Attempt[] = [];
  const queue = createWorkQueue({
    ...{ atOnce, clock, spread: () => spread },
    work: (key) =>
      new Promise((resolve) => {
        const attempt: Attempt = {
          ...{ key, at: clock.now() },
          end(outcome) {
            running.splice(running.indexOf(attempt), 1);
            resolve(outcome);
          },
        };
        started.push(attempt);
        running.push(attempt);
      }),
  });
  return { queue, clock, started, running, keys: () => started.map(({ key }) => key) };
}

/** What follows from the end of a piece of work. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a work queue', () => {
  test('does each key once, in the order in which they came, and so many at once', async () => {
    const { queue, running, keys } = heldQueue(2);
    for (const key of ['a', 'b', 'c', 'c', 'd']) queue.add(key);
    expect(keys()).toEqual(['a', 'b']);
    running[1]?.end('done');
    await settle();
    expect(keys()).toEqual(['a', 'b', 'c']);
    for (const attempt of [...running]) attempt.end('done');
    await settle();
    expect(keys()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('does what is asked for meanwhile once more, after it', async () => {
    const { queue, running, keys } = heldQueue(2);
    queue.add('a');
    queue.add('a');
    queue.add('a');
    queue.addLater('a');
    expect(keys()).toEqual(['a']);
    running[0]?.end('done');
    await settle();
    expect(keys()).toEqual(['a', 'a']);
    running[0]?.end('done');
    await settle();
    expect(keys()).toEqual(['a', 'a']);
  });

  test('tries again what failed, after longer and longer pauses, and from the first when it was done', async () => {
    const { queue, clock, running, started } = heldQueue(1);
    queue.add('a');
    for (let attempt = 0; attempt < 13; attempt += 1) {
      running[0]?.end('failed');
      await settle();
      clock.advance(2 * longestPauseMs);
    }
    const pauses = started.slice(1).map(({ at }, index) => at - (started[index]?.at ?? 0));
    expect(pauses.length).toBe(13);
    expect(clock.timers).toBe(0);
    running[0]?.end('done');
    await settle();
    queue.add('a');
    const before = started.length;
    running[0]?.end('failed');
    await settle();
    clock.advance(firstPauseMs - 1);
    expect(started.length).toBe(before);
    clock.advance(1);
    expect(started.length).toBe(before + 1);
  });

  test.each([
    [0, 0.8],
    [1, 1.2],
  ])('pauses are spread: %d makes %d of them', async (spread, share) => {
    const { queue, clock, running, started } = heldQueue(1, spread);
    queue.add('a');
    for (let attempt = 0; attempt < 15; attempt += 1) {
      running[0]?.end('failed');
      await settle();
      const pauseMs = Math.round(Math.min(longestPauseMs, firstPauseMs * 2 ** attempt) * share);
      clock.advance(pauseMs - 1);
      expect(started.length).toBe(attempt + 1);
      clock.advance(1);
      expect(started.length).toBe(attempt + 2);
    }
  });

  test('does at once what is asked for during its pause', async () => {
    const { queue, clock, running, keys } = heldQueue(1);
    queue.add('a');
    running[0]?.end('failed');
    await settle();
    queue.addLater('a');
    expect(clock.timers).toBe(1);
    queue.add('a');
    expect(keys()).toEqual(['a', 'a']);
    expect(clock.timers).toBe(0);
  });

  test('can be asked for something after a pause, and gives that up when it is closed', async () => {
    const { queue, clock, keys } = heldQueue(1);
    queue.addLater('a');
    queue.addLater('b');
    expect(keys()).toEqual([]);
    clock.advance(firstPauseMs);
    expect(keys()).toEqual(['a']);
    queue.addLater('b');
    queue.addLater('c');
    queue.close();
    expect(clock.timers).toBe(0);
  });

  test('is settled when nothing is under way', async () => {
    const { queue, running } = heldQueue(1);
    await queue.settled();
    queue.add('a');
    queue.add('b');
    let isSettled = false;
    const settled = queue.settled().then(() => {
      isSettled = true;
    });
    running[0]?.end('done');
    await settle();
    expect(isSettled).toBe(false);
    running[0]?.end('failed');
    await settled;
  });
});

const key = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  fc.record({ do: fc.constantFrom('add', 'addLater'), key }),
  fc.record({ do: fc.constant('end'), index: fc.nat({ max: 3 }), outcome: fc.constantFrom<Outcome>('done', 'failed') }),
  fc.record({ do: fc.constant('advance'), ms: fc.nat({ max: 5000 }) }),
);

test('whatever is asked for and whatever fails: no key twice at once, and nothing is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), async (steps, atOnce) => {
      const { queue, clock, started, running } = heldQueue(atOnce);
      /** When each key was asked for last, as a number of starts of it that must have followed. */
      const owed = new Map<string, number>();
      const startsOf = (name: string) => started.filter((attempt) => attempt.key === name).length;
      const check = () => {
        expect(running.length).toBeLessThanOrEqual(atOnce);
        expect(new Set(running.map((attempt) => attempt.key)).size).toBe(running.length);
      };
      for (const each of steps) {
        if ('key' in each) {
          owed.set(each.key, startsOf(each.key) + 1);
          if (each.do === 'add') queue.add(each.key);
          else if (running.some((attempt) => attempt.key === each.key)) owed.delete(each.key);
          else queue.addLater(each.key);
        } else if ('outcome' in each) {
          running[each.index % Math.max(1, running.length)]?.end(each.outcome);
          await settle();
        } else {
          clock.advance(each.ms);
        }
        check();
      }
      for (let round = 0; round < 200 && (running.length > 0 || clock.timers > 0); round += 1) {
        for (const attempt of [...running]) attempt.end('done');
        await settle();
        check();
        if (running.length === 0) clock.advance(2 * longestPauseMs);
      }
      expect([running.length, clock.timers]).toEqual([0, 0]);
      for (const [name, starts] of owed) expect(startsOf(name), name).toBeGreaterThanOrEqual(starts);
    }),
    { numRuns: 300 },
  );
});

test('a key that always fails is tried ever more seldom, and never less than every quarter of an hour or so', async () => {
  const waits = fc.array(fc.nat({ max: 3_600_000 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(waits, fc.double({ min: 0, max: 1, noNaN: true }), async (waitsMs, spread) => {
      const { queue, clock, started, running } = heldQueue(1, spread);
      queue.add('a');
      for (const waitMs of waitsMs) {
        running[0]?.end('failed');
        await settle();
        const before = started.length;
        clock.advance(waitMs);
        const leastMs = 0.8 * Math.min(longestPauseMs, firstPauseMs * 2 ** (before - 1)) - 1;
        if (running.length > 0 && started.length > before) {
          expect(clock.now() - (started[before - 1]?.at ?? 0)).toBeGreaterThanOrEqual(leastMs);
        }
        if (waitMs > 1.2 * longestPauseMs + 1) expect(running.length).toBe(1);
      }
      const mostInGrowth = 1 + Math.log2(1 + clock.now() / (0.8 * firstPauseMs));
      expect(started.length).toBeLessThanOrEqual(1 + mostInGrowth + clock.now() / (0.8 * longestPauseMs));
    }),
    { numRuns: 100 },
  );
});
