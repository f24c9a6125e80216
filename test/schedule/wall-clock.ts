/** When the wall clock of a zone changes; offsets in milliseconds east of UTC. */
export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

const minute = 60_000;
const week = 7 * 86_400_000;

/** All changes of a zone's wall clock between two moments, by Intl alone. No two of them may lie within one week. */
export function clockChanges(timeZone: string, from: number, to: number): readonly ClockChange[] {
  const wall = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  function offsetAt(time: number): number {
    const [month = 0, day = 0, year = 0, hour = 0, minutes = 0] = wall.format(time).split(/\D+/).map(Number);
    return Date.UTC(year, month - 1, day, hour, minutes) - time;
  }
  const changes: ClockChange[] = [];
  let before = offsetAt(from);
  for (let time = from; time < to; time += week) {
    const after = offsetAt(time + week);
    if (after !== before)
      changes.push({ at: firstMinute(time, (moment) => offsetAt(moment) === after), before, after });
    before = after;
  }
  return changes;
}

/** The first minute in the week after `from` for which this is so. */
function firstMinute(from: number, isSo: (time: number) => boolean): number {
  let [low, high] = [0, week / minute];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isSo(from + middle * minute)) high = middle;
    else low = middle;
  }
  return from + high * minute;
}

/**
 * The times of an expression after `from` and up to `to`, found by trying every minute; at most one change of the clock
 * may lie in between. A rule with `*` or a step in its hours follows the wall clock. Any other runs once for each
 * time on it: at the first of two, and at the end of the gap where there is none.
 */
export function timesByWallClock(cron: string, change: ClockChange, from: number, to: number): readonly number[] {
  const { matches, seconds, isFixed } = parse(cron);
  const walls: number[] = [];
  const [start, end] = [from + Math.min(change.before, change.after), to + Math.max(change.before, change.after)];
  for (let wall = Math.floor(start / minute) * minute; wall <= end; wall += minute) {
    if (matches(new Date(wall))) walls.push(...seconds.map((second) => wall + second * 1000));
  }
  const times = walls.flatMap((wall) => {
    const earlier = wall - change.before < change.at ? [wall - change.before] : [];
    const later = wall - change.after >= change.at ? [wall - change.after] : [];
    const real = [...earlier, ...later];
    return isFixed ? [real[0] ?? change.at] : real;
  });
  return [...new Set(times)].filter((time) => time > from && time <= to).sort((left, right) => left - right);
}

/** The wall clock is read as if it were UTC. */
function parse(cron: string) {
  const parts = cron.split(' ');
  const [second = '', minutes = '', hours = '', days = '', months = '', weekdays = ''] =
    parts.length === 6 ? parts : ['0', ...parts];
  const [inMinute, inHour, inMonth] = [numbers(minutes, 0, 59), numbers(hours, 0, 23), numbers(months, 1, 12)];
  const [isDay, isWeekday] = [dayRule(days), weekdayRule(weekdays.replace('+', ''))];
  const both = days === '*' || weekdays === '*' || weekdays.startsWith('+');
  return {
    seconds: [...numbers(second, 0, 59)].sort((left, right) => left - right),
    isFixed: !/[*/]/.test(hours),
    matches(wall: Date): boolean {
      if (!inMinute.has(wall.getUTCMinutes()) || !inHour.has(wall.getUTCHours())) return false;
      if (!inMonth.has(wall.getUTCMonth() + 1)) return false;
      return both ? isDay(wall) && isWeekday(wall) : isDay(wall) || isWeekday(wall);
    },
  };
}

function numbers(field: string, minimum: number, maximum: number): ReadonlySet<number> {
  const items = field.split(',').flatMap((item) => {
    const [range = '', step = '1'] = item.split('/');
    const [first = '', last = first] = range.split('-');
    const [low, high] = first === '*' ? [minimum, maximum] : [Number(first), Number(last)];
    return Array.from({ length: high - low + 1 }, (_, index) => low + index).filter(
      (value) => (value - low) % Number(step) === 0,
    );
  });
  return new Set(items);
}

function dayRule(field: string): (wall: Date) => boolean {
  if (field === 'L') return (wall) => wall.getUTCDate() === monthLength(wall);
  if (field === 'LW') return (wall) => wall.getUTCDate() === nearestWeekday(wall, monthLength(wall));
  if (field.endsWith('W')) return (wall) => wall.getUTCDate() === nearestWeekday(wall, Number(field.slice(0, -1)));
  const days = numbers(field, 1, 31);
  return (wall) => days.has(wall.getUTCDate());
}

function weekdayRule(field: string): (wall: Date) => boolean {
  const [day = '', which = ''] = field.split(/(?=L$)|#/);
  const days = new Set([...numbers(day, 0, 7)].map((value) => value % 7));
  return (wall) => {
    if (!days.has(wall.getUTCDay())) return false;
    if (which === 'L') return wall.getUTCDate() > monthLength(wall) - 7;
    return which === '' || Math.ceil(wall.getUTCDate() / 7) === Number(which);
  };
}

function monthLength(wall: Date): number {
  return new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Monday to Friday, nearest to this day and within the same month; none where the month is shorter. */
function nearestWeekday(wall: Date, day: number): number | null {
  const length = monthLength(wall);
  if (day > length) return null;
  const weekday = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}
