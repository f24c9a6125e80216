import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSchedule, nextTime } from '../../src/schedule/times.ts';

describe('checkSchedule', () => {
  test.each([
    '0 2 * * *',
    '  0 2  * * *  ',
    '*/15 * * * *',
    '30 0 2 * * *',
    '0 0 1,15 jan-MAR *',
    '10-40/10 9-17 * * *',
    '0 0 L * *',
    '0 0 LW * *',
    '0 0 15W * *',
    '0 0 * * FRI#L',
    '0 0 * * 5#2',
    '0 0 * * fri-sun',
    '0 0 * * 7',
    '0 0 29 2 *',
  ])('accepts %s', (cron) => {
    expect(checkSchedule(cron, 'Europe/Berlin')).toEqual({ ok: true, warnings: [] });
    expect(nextTime(cron, 'Europe/Berlin', 0)).toBeGreaterThan(0);
  });

  test.each([
    ['', 'it is empty, expected five fields'],
    ['0 2 * *', 'it has 4 fields, expected five'],
    ['never', 'it has 1 field, expected five'],
    ['0 0 2 * * * 2027', 'it has 7 fields, expected five', 'years are not supported'],
    ['0 2 * * * 2027', 'the weekday is 2027, expected 0 to 7', 'years are not supported'],
    ['2030-01-01T00:00:00', 'it is a date, and a schedule repeats'],
    ['@reboot', '@reboot is not a time'],
    ['@daily', '@daily is not accepted', 'write daily'],
    ['@every 5m', '@every is not a time', 'write a step'],
    ['61 * * * *', 'the minute is 61, expected 0 to 59'],
    ['0 24 * * *', 'the hour is 24, expected 0 to 23'],
    ['0 0 0 * *', 'the day of month is 0, expected 1 to 31'],
    ['0 0 1 foo *', 'the month is foo, expected 1 to 12 or jan to dec'],
    ['0 0 * * 8', 'the weekday is 8, expected 0 to 7 or sun to sat'],
    ['H * * * *', 'the minute is H, expected 0 to 59'],
    ['? * * * *', 'the minute is "?", expected *', 'write *'],
    ['*-5 * * * *', 'the minute is "*-5", expected *'],
    ['0,, * * * *', 'the minute is "", expected *'],
    ['1-99 * * * *', 'the minute is 99, expected 0 to 59'],
    ['5/15 * * * *', 'the step in the minute 5/15 has no range', 'write 5-59/15'],
    ['*/0 * * * *', 'the step of the minute is 0, expected 1 to 60'],
    ['*/61 * * * *', 'the step of the minute is 61, expected 1 to 60'],
    ['0 22-2 * * *', 'the hour range 22-2 runs backwards', 'write two ranges, such as 22-23,0-2'],
    ['0 0 * * sat-mon', 'the weekday range sat-mon runs backwards', 'write two ranges, such as 6-6,0-1'],
    ['0 0 L,LW * *', 'LW can not be in a list'],
    ['0 0 45W * *', 'the day of month is 45, expected 1 to 31'],
    ['0 0 * * xyzL', 'the weekday is xyz, expected'],
  ])('refuses %j and says what was expected', (cron, message, hint: string | null = null) => {
    const verdict = checkSchedule(cron, null);
    expect(verdict).toMatchObject({ ok: false, code: 'CS021', message: expect.stringContaining(message) });
    if (hint !== null) expect(verdict).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test('quotes only the beginning of a long text', () => {
    const verdict = checkSchedule('x'.repeat(5000), null);
    expect(verdict.ok ? '' : verdict.message).toHaveLength(191);
  });

  test.each(['0 0 31 2 *', '0 0 30 feb *', '0 0 31 4,6,9,11 *'])(
    'an expression that never fires is an error: %s',
    (cron) => {
      expect(checkSchedule(cron, null)).toMatchObject({ ok: false, code: 'CS022' });
      expect(nextTime(cron, 'UTC', 0)).toBeNull();
    },
  );

  test.each(['Europe/Stokholm', '', '+02:00', 'local'])(
    'a zone that is not in the IANA list is an error: %j',
    (zone) => {
      const verdict = checkSchedule('0 2 * * *', zone);
      expect(verdict).toMatchObject({
        ok: false,
        code: 'CS023',
        message: expect.stringContaining(JSON.stringify(zone)),
      });
    },
  );

  test('warns that two kinds of days are joined by OR, and only then', () => {
    expect(checkSchedule('0 0 1 * MON', null)).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('either of them; write the weekday as +MON')],
    });
    expect(checkSchedule('0 0 0 1 * MON', null)).toMatchObject({ warnings: [expect.stringContaining('either')] });
    for (const cron of ['0 0 */2 * 1', '0 0 1 * */2']) {
      expect(checkSchedule(cron, null)).toMatchObject({
        warnings: [
          expect.stringMatching(/either of them; cron runs it only on days that match both, because \*\/2 begins/),
        ],
      });
    }
    expect(checkSchedule('0 0 1 * +MON', null)).toEqual({ ok: true, warnings: [] });
  });

  test('whatever is accepted can be computed', () => {
    const item = (low: number, high: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: low - 1, max: high + 1 }).map(String),
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
          .map((pair) => pair.join('-')),
        fc.integer({ min: 0, max: high + 2 }).map((step) => `*/${step}`),
        fc.constantFrom('L', '1-5/2', 'mon', 'sun-tue', 'fri-sun', 'dec', '5#3', '2W', '?', '1/2', '-', '0x1'),
      );
    const cron = fc
      .tuple(item(0, 59), item(0, 23), item(1, 31), item(1, 12), item(0, 7))
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(cron, (text) => {
        if (checkSchedule(text, 'UTC').ok) expect(nextTime(text, 'UTC', 0)).toBeGreaterThan(0);
      }),
      { numRuns: 1500 },
    );
  });
});
