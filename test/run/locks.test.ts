import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FarPlace } from '../../src/model/far-place.ts';
import { type Claim, createLocks } from '../../src/run/locks.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

function claim(path: string, mode: Claim['mode'], space = 'local') {
  const parts = path.split('/').filter((part) => part !== '');
  const place: FarPlace = { kind: 'far', service: space, marks: [], parts, folds: false, host: 'cloud' };
  return { space: 'place', place, mode } as const satisfies Claim;
}

/** Acquires, and tells whether that has happened yet. */
function attempt(locks: ReturnType<typeof createLocks>, owner: string, claims: readonly Claim[], signal = never) {
  const waits: string[] = [];
  let release: (() => void) | null = null;
  let settled = false;
  const done = locks
    .acquire(owner, claims, signal, (before) => waits.push(before))
    .then((result) => {
      release = result;
      settled = true;
    });
  return {
    waits,
    done,
    get entered() {
      return settled && release !== null;
    },
    release: () => release?.(),
  };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('createLocks', () => {
  test.each([
    ['two readers share', claim('/a', 'read'), claim('/a', 'read'), true],
    ['a writer excludes a reader', claim('/a', 'write'), claim('/a', 'read'), false],
    ['a reader excludes a writer', claim('/a', 'read'), claim('/a', 'write'), false],
    ['a parent excludes what is below it', claim('/a', 'write'), claim('/a/b/c', 'read'), false],
    ['what is below excludes its parent', claim('/a/b', 'read'), claim('/a', 'write'), false],
    ['siblings are apart', claim('/a/b', 'write'), claim('/a/c', 'write'), true],
    ['a name that begins alike is another name', claim('/a', 'write'), claim('/ab', 'write'), true],
    ['the root is above everything', claim('/', 'write'), claim('/z', 'read'), false],
    ['spaces are apart', claim('/a', 'write'), claim('/a', 'write', 'remote'), true],
  ])('%s', async (_what, first, second, together) => {
    const locks = createLocks();
    await attempt(locks, 'first', [first]).done;

    const other = attempt(locks, 'second', [second]);
    await turn();

    expect(other.entered).toBe(together);
    expect(other.waits).toEqual(together ? [] : ['first']);
  });

  test('the next one enters when the one in its way leaves', async () => {
    const locks = createLocks();
    const first = attempt(locks, 'first', [claim('/a', 'write')]);
    const second = attempt(locks, 'second', [claim('/a', 'write')]);
    const third = attempt(locks, 'third', [claim('/a', 'write')]);
    await first.done;

    first.release();
    await second.done;
    await turn();

    expect([second.entered, third.entered]).toEqual([true, false]);
    second.release();
    await third.done;
    expect(third.entered).toBe(true);
  });

  test('a reader does not overtake a writer that waits', async () => {
    const locks = createLocks();
    const reader = attempt(locks, 'reader', [claim('/a', 'read')]);
    const writer = attempt(locks, 'writer', [claim('/a', 'write')]);
    const late = attempt(locks, 'late', [claim('/a', 'read')]);
    await turn();

    expect([reader.entered, writer.entered, late.entered]).toEqual([true, false, false]);
    expect(late.waits).toEqual(['writer']);
  });

  test('one that gives up its wait no longer stands in the way', async () => {
    const locks = createLocks();
    const controller = new AbortController();
    attempt(locks, 'reader', [claim('/a', 'read')]);
    const writer = attempt(locks, 'writer', [claim('/a', 'write')], controller.signal);
    const late = attempt(locks, 'late', [claim('/a', 'read')]);
    await turn();

    controller.abort();
    await Promise.all([writer.done, late.done]);

    expect(writer.entered).toBe(false);
    expect(late.entered).toBe(true);
  });

  test('nothing is entered after a stop, and giving back twice gives back once', async () => {
    const locks = createLocks();
    const stopped = AbortSignal.abort();
    expect(await locks.acquire('x', [claim('/a', 'write')], stopped, () => {})).toBeNull();
    const first = attempt(locks, 'first', [claim('/a', 'write')]);
    await first.done;
    const second = attempt(locks, 'second', [claim('/a', 'write')]);
    first.release();
    first.release();
    await second.done;
    const third = attempt(locks, 'third', [claim('/a', 'write')]);
    await turn();
    expect(third.entered).toBe(false);
  });

  test('whatever the order, no writer ever meets another, and all get their turn', async () => {
    const claims = fc.record({
      path: fc.constantFrom('/', '/a', '/a/b', '/ab', '/c'),
      mode: fc.constantFrom('read' as const, 'write' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(claims, { maxLength: 12 }), fc.infiniteStream(fc.nat()), async (wanted, order) => {
        const locks = createLocks();
        const all = wanted.map(({ path, mode }, index) => ({
          claim: claim(path, mode),
          lock: attempt(locks, String(index), [claim(path, mode)]),
        }));
        const open = new Set(all);
        while (open.size > 0) {
          await turn();
          const inside = [...open].filter(({ lock }) => lock.entered);
          expect(inside.length).toBeGreaterThan(0);
          for (const one of inside) {
            const others = inside.filter((other) => other !== one && overlap(one.claim, other.claim));
            if (one.claim.mode === 'write') expect(others).toEqual([]);
          }
          const leaving = inside[(order.next().value ?? 0) % inside.length];
          if (leaving === undefined) throw new Error('Internal error: nobody is inside');
          leaving.lock.release();
          open.delete(leaving);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function overlap({ place: left }: ReturnType<typeof claim>, { place: right }: ReturnType<typeof claim>): boolean {
  const shared = Math.min(left.parts.length, right.parts.length);
  return left.parts.slice(0, shared).join('/') === right.parts.slice(0, shared).join('/');
}
