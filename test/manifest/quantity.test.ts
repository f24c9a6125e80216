import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration, parseSize } from '../../src/manifest/quantity.ts';

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['6h', 21_600_000],
    ['7d', 604_800_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s', 93_784_000],
    ['0s', 0],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: milliseconds });
  });

  test.each(['', '90', 's', '1.5h', '-1s', '1m1h', '1h1h', '1w', '1ms', ' 1s', '1 s', '1S', '1234567890s'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text).ok).toBe(false);
    },
  );

  test('what is written in units reads as their sum', () => {
    const count = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(count, count, count, count, (days, hours, minutes, seconds) => {
        const value = ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000;
        expect(parseDuration(`${days}d${hours}h${minutes}m${seconds}s`)).toEqual({ ok: true, value });
      }),
    );
  });
});

describe('sizes, as rclone reads them', () => {
  test.each([
    ['100', 102_400],
    ['512k', 524_288],
    ['96Mi', 100_663_296],
    ['96MiB', 100_663_296],
    ['96mib', 100_663_296],
    ['1.5G', 1_610_612_736],
    ['.5M', 524_288],
    ['5.M', 5_242_880],
    ['1e3', 1_024_000],
    ['1e3b', 1000],
    ['10b', 10],
    ['10B', 10],
    ['2T', 2 * 1024 ** 4],
    ['1P', 1024 ** 5],
    ['0', 0],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toEqual({ ok: true, value: bytes });
  });

  test.each(['', '10KB', '-1', ' 10M', '10 M', '10x', 'M', '.', 'off', '9E', '1e99', '10Bi'])('refuses %j', (text) => {
    expect(parseSize(text).ok).toBe(false);
  });

  test('never throws, and gives whole bytes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const size = parseSize(text);
        expect(!size.ok || Number.isSafeInteger(size.value)).toBe(true);
      }),
    );
  });
});
