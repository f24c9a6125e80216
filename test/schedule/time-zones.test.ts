import { describe, expect, test } from 'vitest';
import { nextTime, previousTime } from '../../src/schedule/times.ts';
import { type ClockChange, clockChanges, timesByWallClock } from './wall-clock.ts';

const day = 86_400_000;
const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2028, 0, 1)];

/** The zones by what their clocks do: the first of each kind is asked about everything. */
const kinds = new Map<string, { readonly changes: readonly ClockChange[]; readonly zones: string[] }>();
for (const zone of Intl.supportedValuesOf('timeZone')) {
  const changes = clockChanges(zone, from, to);
  const kind = kinds.get(JSON.stringify(changes));
  if (kind !== undefined) kind.zones.push(zone);
  else if (changes.length > 0) kinds.set(JSON.stringify(changes), { changes, zones: [zone] });
}

describe.each([...kinds.values()].map(({ changes, zones }) => [zones[0] ?? '', changes, zones.slice(1)] as const))(
  'like %s',
  (zone, changes, others) => {
    test('times in fixed hours run once, rules with a wildcard or a step for the hour follow the clock', () => {
      for (const change of changes) {
        const { days, steps } = expressionsAround(change);
        for (const cron of days) compare(cron, zone, change, 2 * day);
        for (const cron of steps) compare(cron, zone, change, day / 2);
      }
      for (const other of others) {
        for (const change of changes) {
          const [inside = '', list = ''] = expressionsAround(change).days;
          for (const cron of [inside, list, '20 * * * *']) compare(cron, other, change, day / 2);
        }
      }
    });
  },
);

test('there are zones to compare: gaps and overlaps, of an hour, a half and two, at midnight and elsewhere', () => {
  const changes = [...kinds.values()].flatMap((kind) => kind.changes);
  const lengths = new Set(changes.map(({ before, after }) => (after - before) / 60_000));
  expect([...lengths].sort((left, right) => left - right)).toEqual([-120, -60, -30, 30, 60, 120]);
  const starts = changes.filter(({ before, after }) => after > before).map(({ at, before }) => (at + before) % day);
  expect(starts).toEqual(expect.arrayContaining([0, (23 * day) / 24, (2 * day) / 24]));
});

test('a time in a gap that ends at midnight is not lost, however rare the rule', () => {
  // 2026-03-28 23:00 in Nuuk is followed by 2026-03-29 00:00.
  const gapEnd = Date.parse('2026-03-29T01:00Z');
  for (const cron of ['30 23 28 3 *', '0 30 23 28 3 *', '0,30 22-23 28 3 *']) {
    expect(nextTime(cron, 'America/Nuuk', gapEnd - 1)).toBe(gapEnd);
    expect(previousTime(cron, 'America/Nuuk', gapEnd + day)).toBe(gapEnd);
    expect(nextTime(cron, 'America/Nuuk', gapEnd)).toBeGreaterThan(gapEnd + 300 * day);
    expect(previousTime(cron, 'America/Nuuk', gapEnd)).toBeLessThan(gapEnd);
  }
});

function compare(cron: string, zone: string, { at, ...offsets }: ClockChange, span: number): void {
  const [start, end] = [at - span, at + span];
  const expected = timesByWallClock(cron, { at, ...offsets }, start, end);
  const found: number[] = [];
  for (let time = nextTime(cron, zone, start); time !== null && time <= end; time = nextTime(cron, zone, time)) {
    found.push(time);
  }
  const where = `${cron} in ${zone} around ${new Date(at).toISOString()}`;
  expect(found.map(isoTime), where).toEqual(expected.map(isoTime));
  for (const time of expected.slice(-3)) expect(previousTime(cron, zone, time + 1), `${where}, backwards`).toBe(time);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** `days` name fixed times of the day, `steps` do not; all of them concern the hour that is left out or comes twice. */
function expressionsAround({ at, before, after }: ClockChange) {
  const start = at + Math.min(before, after);
  const length = Math.abs(after - before);
  const inside = new Date(start + length / 2);
  const [minute, hour] = [inside.getUTCMinutes(), inside.getUTCHours()];
  const [date, weekday] = [inside.getUTCDate(), inside.getUTCDay()];
  const hours = `${Math.max(0, hour - 1)}-${Math.min(23, hour + 1)}`;
  const days = [
    `${minute} ${hour} * * *`,
    `${minute} ${[hour, (hour + 12) % 24].sort((left, right) => left - right)} * * *`,
    `${clockOf(start)} * * *`,
    `${clockOf(start + length)} * * *`,
    `5,25,45 ${hour} * * *`,
    `${minute} ${hours} * * *`,
    `30 ${minute} ${hour} * * *`,
    `10,50 ${minute} ${hour} * * *`,
    ...[`L * *`, `LW * *`, `${date}W * *`, `${date} * *`].map((rest) => `${minute} ${hour} ${rest}`),
    ...[`${weekday}#${Math.ceil(date / 7)}`, `${weekday}L`].map((rest) => `${minute} ${hour} * * ${rest}`),
    ...[`${(weekday + 1) % 7}`, `+${weekday}`].map((rest) => `${minute} ${hour} ${date} * ${rest}`),
  ];
  const steps = [
    ...['*/15 * * * *', '0 */2 * * *', '0 1-23/2 * * *', `${minute} * * * *`],
    ...[`*/20 ${hour} * * *`, `0-59/7 ${hour} * * *`, `*/20 ${minute} ${hour} * * *`],
  ];
  return { days, steps };
}

function clockOf(wall: number): string {
  return `${new Date(wall).getUTCMinutes()} ${new Date(wall).getUTCHours()}`;
}
