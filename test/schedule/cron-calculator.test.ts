import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cronCalculator } from '../../src/schedule/cron-calculator.ts';

describe('UTC, which is computed without a calendar of zones', () => {
  const field = (first: number, last: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: first, max: last }).map(String),
      fc.integer({ min: 2, max: last }).map((step) => `*/${step}`),
      fc.tuple(fc.integer({ min: first, max: last }), fc.integer({ min: first, max: last })).map(String),
    );
  const cron = fc
    .tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
    .map((fields) => fields.join(' '));
  const moment = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2035-01-01T00:00:00Z'),
    noInvalidDate: true,
  });

  test('has the times that the same zone by another name has', () => {
    fc.assert(
      fc.property(cron, moment, (expression, at) => {
        const byOffset = cronCalculator(expression, 'UTC');
        const byZone = cronCalculator(expression, 'Etc/UTC');
        expect(byOffset.nextRun(at)).toEqual(byZone.nextRun(at));
        expect(byOffset.previousRuns(1, at)).toEqual(byZone.previousRuns(1, at));
      }),
    );
  });
});
