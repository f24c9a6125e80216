import { daemonTimeZone } from './times.ts';

/**
 * What is wrong with the environment variable `TZ`, or `null`. Where the system cannot read it, everything runs in UTC
 * without a word; `CET-1CEST` and the like are read by programs in C and not here, and `GMT+2` means the opposite there.
 */
export function timeZoneFault(written: string | undefined): string | null {
  const name = (written ?? '').replace(/^:/, '');
  if (name === '' || isInUse(name)) return null;
  const shown = JSON.stringify(written).slice(0, 80);
  return `TZ is ${shown}, which is not the name of a time zone; schedules without a timeZone run in ${daemonTimeZone()}; write a name such as Europe/Berlin, without quotes`;
}

/** A name of an area and a place, or a former one, that this process runs in. */
function isInUse(name: string): boolean {
  if (/^(?:GMT|UTC)?[+-]\d/i.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === daemonTimeZone() || isUtc(timeZone, daemonTimeZone());
  } catch {
    return false;
  }
}

function isUtc(...zones: readonly string[]): boolean {
  return zones.every((zone) => /^(?:Etc\/)?(?:UTC|GMT|UCT|Universal|Zulu)$/.test(zone));
}
