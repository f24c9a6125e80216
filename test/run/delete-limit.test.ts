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
    [percent(50), 0, null],
    [percent(50), 9, null],
    [percent(0), 9, 0],
    [percent(50), 10, 5],
    [percent(50), 11, 5],
    [percent(0), 10, 0],
    [percent(100), 10, 10],
    [percent(33), 10, 3],
    [count(0), 3, 0],
    [count(7), 3, 7],
    [count(7), 1000, 7],
  ])('of %j at a destination with %d files: %j', (limit, destinationFiles, allowed) => {
    expect(allowedDeletes(limit, destinationFiles)).toBe(allowed);
  });

  test('a percentage allows no more than its share, and all at most', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100 }), files, (percentage, held) => {
        const allowed = allowedDeletes(percent(percentage), held);
        expect(allowed === null).toBe(held < 10 && percentage > 0);
        if (allowed === null) return;
        expect(Number.isInteger(allowed)).toBe(true);
        expect(allowed * 100).toBeLessThanOrEqual(held * percentage);
        expect((allowed + 1) * 100).toBeGreaterThan(held * percentage);
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
