import { describe, expect, test } from 'vitest';
import { missedRun } from '../../src/schedule/missed.ts';
import { schedule } from '../helper/build.ts';

const hour = 3_600_000;
const minute = 60_000;
const two = Date.UTC(2026, 0, 5, 2);
const nightly = schedule({ timeZone: 'UTC', deadlineMs: 6 * hour });

describe('missedRun', () => {
  test('nothing was due since the anchor', () => {
    expect(missedRun({ name: 'photos', schedule: nightly, now: two + hour, anchor: two })).toBeNull();
    expect(missedRun({ name: 'photos', schedule: nightly, now: two - 1, anchor: two - hour })).toBeNull();
    expect(missedRun({ name: 'photos', schedule: nightly, now: two, anchor: two + hour })).toBeNull();
  });

  test('one run makes up for three missed ones, for the latest of them and a little later than now', () => {
    const now = two + hour;
    const missed = missedRun({ name: 'photos', schedule: nightly, now, anchor: two - 3 * 24 * hour });
    expect(missed).toEqual({ kind: 'start', scheduledFor: two, startAt: expect.any(Number), missed: 3 });
    const delay = missed?.kind === 'start' ? missed.startAt - now : -1;
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(delay).toBeLessThan(5 * minute);
  });

  test('what is due right now counts as missed: the scheduler begins after now', () => {
    expect(missedRun({ name: 'photos', schedule: nightly, now: two, anchor: two - 1 })).toMatchObject({
      scheduledFor: two,
    });
  });

  test('starts no later than the deadline, and not at all after it', () => {
    const anchor = two - hour;
    const atDeadline = missedRun({ name: 'photos', schedule: nightly, now: two + 6 * hour, anchor });
    expect(atDeadline).toMatchObject({ kind: 'start', startAt: two + 6 * hour });
    expect(missedRun({ name: 'photos', schedule: nightly, now: two + 6 * hour + 1, anchor })).toEqual({
      kind: 'skip',
      reason: 'its deadline is over',
      scheduledFor: two,
      missed: 1,
    });
  });

  test('spreads over a quarter of a short deadline', () => {
    const short = schedule({ timeZone: 'UTC', deadlineMs: 20_000 });
    const starts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => {
      const missed = missedRun({ name, schedule: short, now: two, anchor: two - 1 });
      return missed?.kind === 'start' ? missed.startAt - two : -1;
    });
    expect(Math.max(...starts)).toBeLessThan(5_000);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
    expect(new Set(starts).size).toBeGreaterThan(2);
  });

  test('a task that skips missed runs only counts them', () => {
    const skipping = schedule({ timeZone: 'UTC', missedRuns: 'Skip' });
    expect(missedRun({ name: 'photos', schedule: skipping, now: two + minute, anchor: two - 25 * hour })).toEqual({
      kind: 'skip',
      reason: 'missed runs are skipped',
      scheduledFor: two,
      missed: 2,
    });
  });

  test('stops counting at a thousand and still names the latest', () => {
    const often = schedule({ cron: '* * * * *', timeZone: 'UTC' });
    const missed = missedRun({ name: 'photos', schedule: often, now: two + 30_000, anchor: two - 30 * 24 * hour });
    expect(missed).toMatchObject({ scheduledFor: two, missed: 1000 });
  });
});
