import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeleteLimit, PreflightPolicy } from '../../src/model/task.ts';
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

describe('needsRehearsal', () => {
  function needed(preflight: PreflightPolicy, maxDelete: DeleteLimit, now: number, before: number | null): boolean {
    return needsRehearsal({ ...taskSpec().safety, preflight, maxDelete }, now, before);
  }

  test.each([
    ['nothing is known of before', percent(50), 100, null, true],
    ['nothing has gone', percent(50), 100, 100, false],
    ['there is more', percent(50), 200, 100, false],
    ['a little has gone', percent(50), 51, 100, false],
    ['as much as may be deleted has gone', percent(50), 50, 100, true],
    ['all has gone', percent(50), 0, 100, true],
    ['all of a few has gone', percent(50), 0, 9, false],
    ['nothing may be deleted and nothing has gone', count(0), 100, 100, false],
    ['nothing may be deleted and one has gone', count(0), 99, 100, true],
    ['fewer than may be deleted have gone', count(5), 96, 100, false],
    ['as many as may be deleted have gone', count(5), 95, 100, true],
  ])('auto, where %s', (_where, maxDelete, now, before, expected) => {
    expect(needed('auto', maxDelete, now, before)).toBe(expected);
  });

  test('always and never say it all', () => {
    const limit = fc.oneof(files.map(count), fc.nat({ max: 100 }).map(percent));
    fc.assert(
      fc.property(limit, files, fc.option(files), (maxDelete, now, before) => {
        expect(needed('always', maxDelete, now, before)).toBe(true);
        expect(needed('never', maxDelete, now, before)).toBe(false);
      }),
    );
  });

  test('auto leaves none out where so many files have gone that deleting them would be refused', () => {
    const limit = fc.oneof(files.map(count), fc.nat({ max: 100 }).map(percent));
    fc.assert(
      fc.property(limit, files, files, (maxDelete, before, now) => {
        const allowed = allowedDeletes(maxDelete, before);
        if (allowed !== null && before - now > allowed) expect(needed('auto', maxDelete, now, before)).toBe(true);
      }),
    );
  });
});

test('a limit is told as it is written, and a percentage also in files', () => {
  expect(limitText(count(7), 7)).toBe('7');
  expect(limitText(percent(50), 500)).toBe('50 %, which is 500');
});
