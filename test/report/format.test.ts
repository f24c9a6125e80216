import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBytes, formatDuration, formatRate, formatRelative, formatTime } from '../../src/report/format.ts';
import { sanitizeBlock, sanitizeLine } from '../../src/report/sanitize.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1.5 * 1024 ** 2, '1.5 MiB'],
  [1024 ** 2 - 1, '1.0 MiB'],
  [5 * 1024 ** 4, '5.0 TiB'],
  [2 ** 80, '1048576.0 EiB'],
])('%d bytes are %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
  expect(formatRate(bytes)).toBe(`${expected}/s`);
});

test.each([
  [-5, '0ms'],
  [999, '999ms'],
  [1000, '1s'],
  [61_000, '1m 1s'],
  [3_600_000, '1h'],
  [7_380_000, '2h 3m'],
  [7_200_000 + 5000, '2h'],
  [90 * 86_400_000 + 3_600_000, '90d 1h'],
])('%d ms are %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

test.each([
  [0, 'now'],
  [-999, 'now'],
  [-180_000, '3m ago'],
  [7_380_000, 'in 2h 3m'],
])('%d ms from now is %s', (distance, expected) => {
  expect(formatRelative(1e12 + distance, 1e12)).toBe(expected);
});

test.each([
  [Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin', '2026-10-25 02:30:00 +02:00'],
  [Date.UTC(2026, 9, 25, 1, 30), 'Europe/Berlin', '2026-10-25 02:30:00 +01:00'],
  [Date.UTC(2026, 0, 1), 'UTC', '2026-01-01 00:00:00 +00:00'],
  [Date.UTC(2026, 0, 1), 'Asia/Kolkata', '2026-01-01 05:30:00 +05:30'],
])('the time %d in %s is %s', (at, timeZone, expected) => {
  expect(formatTime(at, timeZone)).toBe(expected);
});

test('a time without a zone is local', () => {
  expect(formatTime(0, null)).toMatch(/^19(70|69)-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
});

test.each([
  ['photos/été 日本.jpg', 'photos/été 日本.jpg'],
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
  ['\u009b31m', '\\x9b31m'],
  ['invoice\u202efdp.exe', 'invoice\\u{202e}fdp.exe'],
])('%j is printed as %s', (text, expected) => {
  expect(sanitizeLine(text)).toBe(expected);
});

test('a block keeps its lines', () => {
  expect(sanitizeBlock('a\r\n\tb\u001b[2J\n')).toBe('a\n  b\\x1b[2J\n');
});

test('nothing that is printed can act on a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(sanitizeLine(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    }),
  );
});
