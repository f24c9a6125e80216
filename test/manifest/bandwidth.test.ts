import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBandwidth } from '../../src/manifest/bandwidth.ts';
import { type BandwidthRate, type BandwidthSlot, weekdays } from '../../src/model/task.ts';

const kibibyte = 1024;
const mebibyte = 1024 ** 2;

function both(bytes: number | null): BandwidthRate {
  return { up: bytes, down: bytes };
}

function daily(time: string, bytes: number | null): BandwidthSlot {
  return { weekday: null, time, limit: both(bytes) };
}

describe('one limit', () => {
  test.each<[string | number, BandwidthRate]>([
    [512, both(512 * kibibyte)],
    ['512', both(512 * kibibyte)],
    ['512b', both(512)],
    ['512B', both(512)],
    ['512B/s', both(512)],
    ['512k', both(512 * kibibyte)],
    ['512KB', both(512 * kibibyte)],
    ['512KiB/s', both(512 * kibibyte)],
    ['10M', both(10 * mebibyte)],
    ['10Mi', both(10 * mebibyte)],
    ['10MB', both(10 * mebibyte)],
    ['1.5g', both(1.5 * 1024 ** 3)],
    ['.5M', both(mebibyte / 2)],
    ['off', both(null)],
    ['OFF', both(null)],
    ['10M:1M', { up: 10 * mebibyte, down: mebibyte }],
    ['10M:off', { up: 10 * mebibyte, down: null }],
    ['off:1M', { up: null, down: mebibyte }],
  ])('%s', (text, limit) => {
    expect(parseBandwidth(text)).toEqual({ slots: [{ weekday: null, time: null, limit }], faults: [] });
  });

  test.each([
    ['10Mbit', 'bytes per second, not bits'],
    ['10Mbps', 'bytes per second, not bits'],
    ['10M:', 'is not a limit'],
    [':10M', 'is not a limit'],
    ['1M:2M:3M', 'at most two parts'],
    ['-1', 'is not a limit'],
    ['10T', 'is not a limit'],
    ['0.1b', 'less than one byte'],
    ['999999999999999G', 'too large'],
    ['fast', 'is not a limit'],
    ['', 'is empty'],
    ['  ', 'is empty'],
  ])('refuses %j', (text, reason) => {
    const { slots, faults } = parseBandwidth(text);
    expect(slots).toEqual([]);
    expect(faults).toMatchObject([{ severity: 'error', index: 0, message: expect.stringContaining(reason) }]);
  });

  test('an empty list is no limit', () => {
    expect(parseBandwidth([])).toEqual({ slots: [], faults: [] });
  });
});

describe('a timetable', () => {
  const seedSlots = [
    daily('08:00', 512 * kibibyte),
    daily('12:00', 10 * mebibyte),
    daily('13:00', 512 * kibibyte),
    daily('18:00', 30 * mebibyte),
    daily('23:00', null),
  ];

  test('reads the example of TrueNAS, as a string and as a list', () => {
    const text = '08:00,512 12:00,10MB 13:00,512 18:00,30MB 23:00,off';
    expect(parseBandwidth(text)).toEqual({ slots: seedSlots, faults: [] });
    expect(parseBandwidth(text.split(' '))).toEqual({ slots: seedSlots, faults: [] });
    expect(parseBandwidth(text.replaceAll(' ', ' \n '))).toEqual({ slots: seedSlots, faults: [] });
  });

  test('takes blanks around the comma, as TrueNAS shows them', () => {
    const text = '08:00, 512 12:00 ,10MB 13:00 , 512 18:00,\t30MB 23:00, off';
    expect(parseBandwidth(text)).toEqual({ slots: seedSlots, faults: [] });
    expect(parseBandwidth(['00:00, off'])).toEqual({ slots: [daily('00:00', null)], faults: [] });
  });

  test('reads 9:00 as 09:00, and so before 10:00', () => {
    expect(parseBandwidth('9:00,1k 10:00,2k').slots.map(({ time }) => time)).toEqual(['09:00', '10:00']);
  });

  test('takes weekdays in short and in full', () => {
    const { slots } = parseBandwidth('Sun-08:00,1k saturday-08:00,2k WED-08:00,3k:off');
    expect(slots.map(({ weekday, limit }) => [weekday, limit.up, limit.down])).toEqual([
      ['sun', 1024, 1024],
      ['wed', 3072, null],
      ['sat', 2048, 2048],
    ]);
  });

  test('writes daily entries out for each day when one entry names its day', () => {
    const { slots, faults } = parseBandwidth('08:00,1k Mon-12:00,2k');
    expect(faults).toEqual([]);
    expect(slots.map(({ weekday, time }) => `${weekday} ${time}`)).toEqual([
      ...['sun 08:00', 'mon 08:00', 'mon 12:00', 'tue 08:00', 'wed 08:00', 'thu 08:00', 'fri 08:00', 'sat 08:00'],
    ]);
  });

  test.each([
    ['12:00,1k 08:00,2k', 'must rise'],
    ['08:00,1k 8:00,2k', 'must rise'],
    ['Mon-12:00,1k Mon-08:00,2k', 'must rise'],
    ['08:00,1k Mon-08:00,2k', 'given two limits'],
    ['24:00,1k', 'not a time of day'],
    ['08:60,1k', 'not a time of day'],
    ['Someday-08:00,1k', 'not a weekday'],
    ['08:00,1k;12:00,2k', 'is not a limit'],
    ['08:00,1k 10M', 'is not a time and a limit'],
    ['08x00,1k', 'is not a time and a limit'],
    ['08:00,1M:2M:3M', 'at most two parts'],
    ['08:00,1M:fast', 'is not a limit'],
  ])('refuses %j', (text, reason) => {
    const { slots, faults } = parseBandwidth(text);
    expect(slots).toEqual([]);
    expect(faults[0]).toMatchObject({ severity: 'error', message: expect.stringContaining(reason) });
  });

  test('says which entry of a list is wrong', () => {
    expect(parseBandwidth(['08:00,1k', '12:00,fast']).faults).toMatchObject([{ index: 1 }]);
  });
});

describe('what parses but is surely not meant', () => {
  test.each([
    ['9:00', 'write a limit after the time: "9:00,1M"; or write "9k:00k" to limit uploads and downloads'],
    ['25:30', 'write "25k:30k" to limit uploads and downloads'],
    ['12.5:30', 'write "12.5k:30k" to limit uploads and downloads'],
    ['12:30.5', 'write "12k:30.5k" to limit uploads and downloads'],
    ['10M:1', 'write "10M:1k" to limit uploads and downloads'],
    ['100:off', 'write "100k:off" to limit uploads and downloads'],
  ])('%s, which may be a time or two limits, is refused', (text, hint) => {
    const { slots, faults } = parseBandwidth(text);
    expect(slots).toEqual([]);
    expect(faults).toMatchObject([{ severity: 'error', hint }]);
  });

  test.each(['0', '0k', '1M:0', '08:00,0'])('%s is no limit at all', (text) => {
    expect(parseBandwidth(text)).toMatchObject({ slots: [{}], faults: [{ severity: 'warning' }] });
  });
});

test('no text makes it throw', () => {
  const word = fc.stringMatching(/^[0-9:,a-zA-Z-]{0,12}$/);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (text) => {
        const { slots, faults } = parseBandwidth(text);
        expect(slots.length > 0 || faults.length > 0).toBe(true);
      },
    ),
  );
});

test('a timetable survives being written and read', () => {
  const rate = fc.record({
    up: fc.option(fc.integer({ min: 1, max: 1e12 })),
    down: fc.option(fc.integer({ min: 1, max: 1e12 })),
  });
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 12 });
  const timetable = fc.tuple(fc.boolean(), minutes, fc.array(rate, { minLength: 12, maxLength: 12 }));
  fc.assert(
    fc.property(timetable, ([dated, times, rates]) => {
      const slots = times
        .sort((left, right) => left - right)
        .map((minute, index): BandwidthSlot => {
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const weekday = dated ? (weekdays[index % 7] ?? null) : null;
          return { weekday, time, limit: rates[index] ?? both(null) };
        });
      const sorted = [...slots].sort((left, right) => position(left) - position(right));
      expect(parseBandwidth(slots.map(slotText).join(' '))).toEqual({ slots: sorted, faults: [] });
    }),
  );
});

function position({ weekday }: BandwidthSlot): number {
  return weekday === null ? 0 : weekdays.indexOf(weekday);
}

function slotText({ weekday, time, limit }: BandwidthSlot): string {
  const [up, down] = [limit.up, limit.down].map((bytes) => (bytes === null ? 'off' : `${bytes}b`));
  return `${weekday === null ? '' : `${weekday}-`}${time},${up}:${down}`;
}
