import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeleteLimit } from '../../src/model/task.ts';
import { allowedDeletes, limitText, needsRehearsal } from '../../src/run/delete-limit.ts';
import { taskSpec } from '../helper/build.ts';

const files = fc.nat({ max: 1_000_000 });

function count(number: number): DeleteLimit {
  return { kind: 'count', count: number };
}

function percent(percentage: number): DeleteLimit {
  return { kind: 'percentage', percentage };
}

describe('allowedDeletes', () => {
  test.each([
    [percent(50), 0, 3],
    [percent(50), 9, 4],
    [percent(0), 9, 0],
    [percent(50), 10, 5],
    [percent(50), 11, 5],
    [percent(0), 10, 0],
    [percent(100), 10, 10],
    [percent(33), 10, 3],
    [percent(1), 10, 3],
    [percent(1), 1000, 10],
    [count(0), 3, 0],
    [count(7), 3, 7],
    [count(7), 1000, 7],
  ])('of %j at a destination with %d files: %j', (limit, destinationFiles, allowed) => {
    expect(allowedDeletes(limit, destinationFiles)).toBe(allowed);
  });

  test('a percentage allows three files, or its share where that is more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), files, (percentage, held) => {
        const allowed = allowedDeletes(percent(percentage), held);
        expect(Number.isInteger(allowed)).toBe(true);
        expect(allowed).toBeGreaterThanOrEqual(3);
        if (allowed > 3) expect(allowed * 100).toBeLessThanOrEqual(held * percentage);
        expect((allowed + 1) * 100).toBeGreaterThan(held * percentage);
      }),
    );
  });

  test('grows with the destination and with the percentage; none is none, and a number is itself', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99 }), files, fc.nat({ max: 1000 }), (percentage, held, more) => {
        const allowed = allowedDeletes(percent(percentage), held);
        expect(allowedDeletes(percent(percentage), held + more)).toBeGreaterThanOrEqual(allowed);
        expect(allowedDeletes(percent(percentage + 1), held)).toBeGreaterThanOrEqual(allowed);
        expect(allowedDeletes(percent(0), held)).toBe(0);
        expect(allowedDeletes(count(more), held)).toBe(more);
      }),
    );
  });
});

test('deletions are counted first unless the task says never, also where an earlier version recorded auto', () => {
  const { safety } = taskSpec();
  const recorded = JSON.parse('{ "preflight": "auto" }');
  expect(needsRehearsal({ ...safety, preflight: 'always' })).toBe(true);
  expect(needsRehearsal({ ...safety, ...recorded })).toBe(true);
  expect(needsRehearsal({ ...safety, preflight: 'never' })).toBe(false);
});

test('a limit is told as it is written, and a percentage also in files', () => {
  expect(limitText(count(7), 7)).toBe('7');
  expect(limitText(percent(50), 500)).toBe('50 %, which is 500');
});
