import { describe, expect, test } from 'vitest';
import { jitterOf } from '../../src/schedule/jitter.ts';

describe('jitterOf', () => {
  test('is the same for a name, always: plans and daemons on other machines must agree', () => {
    expect(jitterOf('photos', 600_000)).toBe(454_000);
    expect(jitterOf('music', 600_000)).toBe(jitterOf('music', 600_000));
  });

  test('stays below its bound, in whole seconds', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const delay = jitterOf(name, 10_000);
      expect(delay % 1000).toBe(0);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThan(10_000);
    }
  });

  test.each([0, 1, 1000])('is nothing when the bound is %d ms', (bound) => {
    expect(jitterOf('photos', bound)).toBe(0);
  });

  test('spreads names that differ only in a number', () => {
    const buckets = new Array<number>(10).fill(0);
    for (let index = 0; index < 1000; index += 1) {
      const bucket = Math.floor(jitterOf(`task-${index}`, 600_000) / 60_000);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(Math.min(...buckets)).toBeGreaterThan(60);
    expect(Math.max(...buckets)).toBeLessThan(140);
  });
});
