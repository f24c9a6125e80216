import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daemonTimeZone, nextTime, previousTime } from '../../src/schedule/times.ts';

const day = 86_400_000;

function at(iso: string): number {
  return Date.parse(iso);
}

function upcoming(cron: string, zone: string, from: string, count: number): readonly string[] {
  const times: string[] = [];
  let time = nextTime(cron, zone, at(from));
  while (time !== null && times.length < count) {
    times.push(new Date(time).toISOString().slice(5, 16));
    time = nextTime(cron, zone, time);
  }
  return times;
}

describe('daylight saving time', () => {
  test.each([
    // 2026-03-29: 02:00 becomes 03:00. A time in the gap moves to its end.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', ['03-28T01:30', '03-29T01:00', '03-30T00:30']],
    ['30 2,14 * * *', 'Europe/Berlin', '2026-03-28T20:00Z', ['03-29T01:00', '03-29T12:30', '03-30T00:30']],
    ['15,45 2 * * *', 'Europe/Berlin', '2026-03-28T20:00Z', ['03-29T01:00', '03-30T00:15', '03-30T00:45']],
    ['*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:10Z', ['03-29T00:30', '03-29T01:00', '03-29T01:30']],
    // 2026-10-25: 03:00 becomes 02:00. A fixed time runs once, an interval through both hours.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['10-25T00:30', '10-26T01:30']],
    ['30 2,14 * * *', 'Europe/Berlin', '2026-10-24T20:00Z', ['10-25T00:30', '10-25T13:30', '10-26T01:30']],
    ['30 * * * *', 'Europe/Berlin', '2026-10-25T00:00Z', ['10-25T00:30', '10-25T01:30', '10-25T02:30']],
    // 2026-03-08 and 2026-11-01.
    ['30 2 * * *', 'America/New_York', '2026-03-07T20:00Z', ['03-08T07:00', '03-09T06:30']],
    ['30 1 * * *', 'America/New_York', '2026-10-31T20:00Z', ['11-01T05:30', '11-02T06:30']],
    // Lord Howe moves by half an hour: 2026-10-04 02:00 becomes 02:30, 2026-04-05 02:00 becomes 01:30.
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', ['10-03T15:30', '10-04T15:15']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00Z', ['04-04T14:45', '04-05T15:15']],
    // São Paulo changed at midnight: 2018-11-04 has no 00:00, 2019-02-16 has 23:00 twice.
    ['0 0 * * *', 'America/Sao_Paulo', '2018-11-03T04:00Z', ['11-04T03:00', '11-05T02:00']],
    ['30 23 * * *', 'America/Sao_Paulo', '2019-02-16T02:00Z', ['02-17T01:30', '02-18T02:30']],
  ])('%s in %s after %s', (cron, zone, from, times) => {
    expect(upcoming(cron, zone, from, times.length)).toEqual(times);
  });
});

describe('nextTime and previousTime', () => {
  test('a time itself is neither after nor before itself', () => {
    const noon = at('2026-01-01T12:00Z');
    expect(nextTime('0 12 * * *', 'UTC', noon)).toBe(noon + day);
    expect(nextTime('0 12 * * *', 'UTC', noon - 1)).toBe(noon);
    expect(previousTime('0 12 * * *', 'UTC', noon)).toBe(noon - day);
    expect(previousTime('0 12 * * *', 'UTC', noon + 1)).toBe(noon);
  });

  test('nothing comes before or after an expression that never fires', () => {
    expect(nextTime('0 0 31 2 *', 'UTC', 0)).toBeNull();
    expect(nextTime('0 0 31 2 *', 'UTC', 1)).toBeNull();
    expect(previousTime('0 0 31 2 *', 'UTC', 0)).toBeNull();
  });

  test('seconds, and the zone of the daemon where none is named', () => {
    expect(nextTime('*/10 * * * * *', null, 5_000)).toBe(10_000);
    expect(nextTime('0 0 * * *', null, 0)).toBe(nextTime('0 0 * * *', daemonTimeZone(), 0));
  });

  const crons = ['0 2 * * *', '*/7 * * * *', '30 2,14 * * *', '0 0 L * *', '0 12 * * mon', '15 * * * *'];
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'];
  const moment = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2026-12-31T00:00Z') });

  test('agree with each other at any moment, in whatever order they are asked', () => {
    fc.assert(
      fc.property(fc.constantFrom(...crons), fc.constantFrom(...zones), moment, (cron, zone, when) => {
        const next = nextTime(cron, zone, when) ?? 0;
        expect(next).toBeGreaterThan(when);
        expect(nextTime(cron, zone, next - 1)).toBe(next);
        expect(previousTime(cron, zone, next + 1)).toBe(next);
        const previous = previousTime(cron, zone, when + 1) ?? Number.POSITIVE_INFINITY;
        expect(previous).toBeLessThanOrEqual(when);
        expect(nextTime(cron, zone, previous)).toBe(next);
      }),
      { numRuns: 400 },
    );
  });

  test('never goes back when asked about a later moment', () => {
    fc.assert(
      fc.property(fc.constantFrom(...crons), fc.constantFrom(...zones), moment, moment, (cron, zone, one, other) => {
        const earlier = nextTime(cron, zone, Math.min(one, other)) ?? 0;
        expect(nextTime(cron, zone, Math.max(one, other)) ?? 0).toBeGreaterThanOrEqual(earlier);
      }),
      { numRuns: 300 },
    );
  });
});

describe('against a calculator that reads the wall clock of every minute', () => {
  const weeks = [
    ['Europe/Berlin', '2026-03-27T00:00Z'],
    ['Europe/Berlin', '2026-10-23T00:00Z'],
    ['America/New_York', '2026-03-06T00:00Z'],
    ['America/New_York', '2026-10-30T00:00Z'],
    ['Australia/Lord_Howe', '2026-04-03T00:00Z'],
    ['Australia/Lord_Howe', '2026-10-02T00:00Z'],
    ['America/Sao_Paulo', '2018-11-02T00:00Z'],
    ['America/Sao_Paulo', '2019-02-15T00:00Z'],
  ] as const;

  test.each(weeks)('%s in the days after %s', (zone, from) => {
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      hour: '2-digit',
      minute: '2-digit',
    });
    const minutes = Array.from({ length: 4 * 1440 }, (_, index) => at(from) + (index + 1) * 60_000);
    const clocks = minutes.map((time) => ({
      time,
      hour: Number(wall.format(time).slice(0, 2)),
      minute: Number(wall.format(time).slice(3)),
    }));

    // Interval schedules follow the wall clock everywhere; fixed ones wherever a time exists exactly once.
    const hourly = clocks.filter(({ minute }) => minute === 20).map(({ time }) => time);
    const quarters = clocks.filter(({ minute }) => minute % 15 === 0).map(({ time }) => time);
    const daily = clocks.filter(({ hour, minute }) => hour === 12 && minute === 5).map(({ time }) => time);
    expect(walk('20 * * * *', zone, from)).toEqual(hourly);
    expect(walk('*/15 * * * *', zone, from)).toEqual(quarters);
    expect(walk('5 12 * * *', zone, from)).toEqual(daily);
  });

  function walk(cron: string, zone: string, from: string): readonly number[] {
    const times: number[] = [];
    for (let time = nextTime(cron, zone, at(from)); time !== null && time <= at(from) + 4 * day; ) {
      times.push(time);
      time = nextTime(cron, zone, time);
    }
    return times;
  }
});
