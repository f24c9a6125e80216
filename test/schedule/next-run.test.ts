import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jitterOf } from '../../src/schedule/jitter.ts';
import { nextRun, nextRuns, previousRun } from '../../src/schedule/next-run.ts';
import { schedule } from '../helper/build.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 0, 1, 12);

describe('runs with their delay', () => {
  const hourly = schedule({ cron: '0 * * * *', timeZone: 'UTC', jitterMs: 10 * minute });
  const delay = jitterOf('photos', 10 * minute);

  test('a run whose hour is over and whose delay is not is still to come', () => {
    expect(delay).toBe(454_000);
    expect(nextRun('photos', hourly, noon + minute)).toBe(noon + delay);
    expect(nextRun('photos', hourly, noon + delay)).toBe(noon + 60 * minute + delay);
    expect(previousRun('photos', hourly, noon + delay)).toBe(noon - 60 * minute + delay);
    expect(previousRun('photos', hourly, noon + delay + 1)).toBe(noon + delay);
  });

  test('several at a time, in order, and none when there is none', () => {
    expect(nextRuns('photos', hourly, noon, 3)).toEqual([0, 1, 2].map((hour) => noon + hour * 60 * minute + delay));
    expect(nextRuns('photos', hourly, noon, 0)).toEqual([]);
    expect(nextRuns('photos', schedule({ cron: '0 0 31 2 *' }), noon, 3)).toEqual([]);
    expect(previousRun('photos', schedule({ cron: '0 0 31 2 *' }), noon)).toBeNull();
  });

  test('a walk in any steps meets every run once', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 90 * minute }), { minLength: 1, maxLength: 60 });
    const names = fc.constantFrom('photos', 'music', 'mail', 'a', 'b');
    fc.assert(
      fc.property(names, fc.integer({ min: 0, max: 3 * 60 * minute }), steps, (name, jitterMs, walk) => {
        const every = schedule({ cron: '*/20 * * * *', timeZone: 'Europe/Berlin', jitterMs });
        const start = Date.UTC(2026, 9, 24, 22);
        const met: number[] = [];
        let now = start;
        for (const step of walk) {
          const until = now + step;
          for (let run = nextRun(name, every, now); run !== null && run <= until; run = nextRun(name, every, run)) {
            met.push(run);
          }
          now = until;
        }
        // A jitter is at most three hours here, so the first run belongs to a time not earlier than that.
        const all = Array.from({ length: 9 + Math.ceil((now - start) / (20 * minute)) }, (_, index) => index - 9)
          .map((index) => start + index * 20 * minute + jitterOf(name, jitterMs))
          .filter((time) => time > start && time <= now);
        expect(met).toEqual(all);
      }),
      { numRuns: 150 },
    );
  });
});
