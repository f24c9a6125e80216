import { describe, expect, test } from 'vitest';
import type { BandwidthSlot, Weekday } from '../../src/model/task.ts';
import { formatBandwidth } from '../../src/rclone/bandwidth.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { rclone } from './real-rclone.ts';

function slot(weekday: Weekday | null, time: string | null, up: number | null, down = up): BandwidthSlot {
  return { weekday, time, limit: { up, down } };
}

const cases: [string, readonly BandwidthSlot[], string][] = [
  ['a constant', [slot(null, null, 10_485_760)], '10485760b'],
  ['no limit at all', [slot(null, null, null)], 'off'],
  ['each way its own', [slot(null, null, 1024, null)], '1024b:off'],
  ['a day, sorted', [slot(null, '23:00', null), slot(null, '08:00', 512)], '08:00,512b 23:00,off'],
  [
    'a week, sorted from Sunday',
    [slot('mon', '08:00', 3), slot('sun', '12:00', 2), slot('sun', '08:00', 1)],
    'sun-08:00,1b sun-12:00,2b mon-08:00,3b',
  ],
  [
    'days and weekdays: the weekday wins at the same time, and the daily slot holds on the other days',
    [slot(null, '08:00', 1), slot('sat', '08:00', null), slot('sat', '06:00', 7)],
    'sun-08:00,1b mon-08:00,1b tue-08:00,1b wed-08:00,1b thu-08:00,1b fri-08:00,1b sat-06:00,7b sat-08:00,off',
  ],
];

describe('the bandwidth limit', () => {
  test('none', () => {
    expect(formatBandwidth([])).toBeNull();
  });

  test.each(cases)('%s', (_name, slots, expected) => {
    expect(formatBandwidth(slots)).toBe(expected);
  });

  test.each(cases)('rclone accepts %s', async (_name, bandwidthLimit) => {
    await using directory = await temporaryDirectory();
    const ended = await rclone({ source: directory.path, destination: directory.at('to'), bandwidthLimit });
    expect(ended.exit.exitCode, ended.raw).toBe(0);
  });
});
