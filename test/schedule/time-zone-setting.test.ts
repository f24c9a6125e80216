import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { timeZoneFault } from '../../src/schedule/time-zone-setting.ts';
import { daemonTimeZone } from '../../src/schedule/times.ts';

describe('the variable TZ', () => {
  test.each(['Europe/Berln', '"Europe/Berlin"', 'CET-1CEST', 'GMT+2', 'UTC+2', '/usr/share/zoneinfo/Europe/Berlin'])(
    '%s is not the name of a time zone',
    (written) => {
      expect(timeZoneFault(written)).toBe(
        `TZ is ${JSON.stringify(written)}, which is not the name of a time zone; schedules without a timeZone run in ${daemonTimeZone()}; write a name such as Europe/Berlin, without quotes`,
      );
    },
  );

  test('is fine where it is not set, and where this process runs in it', () => {
    for (const written of [undefined, '', daemonTimeZone(), `:${daemonTimeZone()}`]) {
      expect(timeZoneFault(written)).toBeNull();
    }
  });

  test('is read by Node as this expects', () => {
    const zoneIn = (name: string) =>
      execFileSync(process.execPath, ['-p', 'Intl.DateTimeFormat().resolvedOptions().timeZone'], {
        env: { ...process.env, TZ: name },
        encoding: 'utf8',
      }).trim();
    expect(['Europe/Berlin', 'CET-1CEST', 'Europe/Berln'].map(zoneIn)).toEqual(['Europe/Berlin', 'UTC', 'undefined']);
  });
});
