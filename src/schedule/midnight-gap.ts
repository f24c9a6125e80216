import { cronCalculator } from './cron-calculator.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const wallClocks = new Map<string, Intl.DateTimeFormat>();

/**
 * The end of a gap in the wall clock after `afterMs` and before `nextMs`, in which a fixed time lies that croner passes
 * over; `null` if there is none. croner moves a time in a gap to its end, and loses it where that is on the next day:
 * in Greenland's spring, 23:00 is followed by 00:00.
 */
export function midnightGap(cron: string, timeZone: string, afterMs: number, nextMs: number): number | null {
  if (!mayMeetMidnight(cron)) return null;
  const calendar = cronCalculator(cron, 'UTC');
  const endWall = nextMs === Number.POSITIVE_INFINITY ? nextMs : wallClock(timeZone, nextMs);
  for (
    let wall = calendar.nextRun(new Date(wallClock(timeZone, afterMs)))?.getTime();
    wall !== undefined && wall < endWall;
    wall = calendar.nextRun(new Date(wall))?.getTime()
  ) {
    const end = endOfGapAround(timeZone, wall);
    if (end !== null && end > afterMs && end < nextMs) return end;
  }
  return null;
}

/** Gaps are of two hours at most, and a rule with `*` or a step in its time of day follows the clock, whatever it does. */
function mayMeetMidnight(cron: string): boolean {
  const time = cron.trim().split(/\s+/).slice(0, -3);
  return /\b2[23]\b/.test(time.at(-1) ?? '') && !time.some((field) => /[*/]/.test(field));
}

/** `null`: a clock on the wall does show this time. */
function endOfGapAround(timeZone: string, wall: number): number | null {
  // A clock does not change twice within two days.
  const before = wallClock(timeZone, wall - dayMs) - (wall - dayMs);
  const after = wallClock(timeZone, wall + dayMs) - (wall + dayMs);
  if (after <= before || wallClock(timeZone, wall - before) === wall) return null;
  if (wallClock(timeZone, wall - after) === wall) return null;
  let end = Math.floor((wall - after) / minuteMs) * minuteMs;
  while (wallClock(timeZone, end) - end !== after) end += minuteMs;
  return end;
}

/** What the clock on a wall of the zone shows, as if it were UTC; whole seconds. */
function wallClock(timeZone: string, timeMs: number): number {
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = formatOf(timeZone)
    .format(timeMs)
    .split(/\D+/)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = wallClocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  wallClocks.set(timeZone, format);
  return format;
}
