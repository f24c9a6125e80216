import { plural } from '../model/wording.ts';
export interface CronFault {
  /** Continues "the schedule … is not valid: ". */
  readonly message: string;
  readonly hint: string | null;
}

interface Field {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly words: readonly string[];
  /** What this field accepts beyond numbers, ranges and steps; captures the value in it. */
  readonly extension: RegExp | null;
}

const fiveFields: readonly Field[] = [
  { name: 'minute', minimum: 0, maximum: 59, words: [], extension: null },
  { name: 'hour', minimum: 0, maximum: 23, words: [], extension: null },
  { name: 'day of month', minimum: 1, maximum: 31, words: [], extension: /^(?:L|LW|(\d+)W)$/i },
  {
    name: 'month',
    minimum: 1,
    maximum: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
    extension: null,
  },
  {
    name: 'weekday',
    minimum: 0,
    maximum: 7,
    words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
    extension: /^([a-z0-9]+)(?:L|#L|#[1-5])$/i,
  },
];
const secondField: Field = { name: 'second', minimum: 0, maximum: 59, words: [], extension: null };

const expected = 'expected five fields: minute, hour, day of month, month, weekday';

/**
 * Finds what cron would not take. croner itself is more generous (dates, `@reboot`, years, `?`), and a manifest should
 * mean the same to everybody who knows cron. Of its extensions, `L`, `W`, `#` and `+` before the weekdays are accepted.
 */
export function cronFault(cron: string): CronFault | null {
  const text = cron.trim();
  if (text === '') return { message: `it is empty, ${expected}`, hint: 'leave the schedule out to run only by hand' };
  if (text.startsWith('@')) return nicknameFault(text);
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    return {
      message: `it is a date, and a schedule repeats; ${expected}`,
      hint: 'such as "0 2 * * *" for 02:00 daily',
    };
  }
  const parts = text.split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    return {
      message: `it has ${plural(parts.length, 'field')}, ${expected}`,
      hint:
        meantBy(text) ?? (parts.length > 6 ? 'years are not supported' : 'a sixth field, for seconds, may come first'),
    };
  }
  const fields = parts.length === 6 ? [secondField, ...fiveFields] : fiveFields;
  for (const [index, field] of fields.entries()) {
    const fault = fieldFault(field, parts[index] ?? '');
    if (fault !== null) return fault;
  }
  return null;
}

/** Both day fields restrict, and cron then runs on days that match either of them. */
export function eitherDayWarning(cron: string): string | null {
  const [day = '*', , weekday = '*'] = cron.trim().split(/\s+/).slice(-3);
  if (day === '*' || weekday === '*' || weekday.startsWith('+')) return null;
  const here =
    `the day of month (${day}) and the weekday (${weekday}) are both given, so it runs on every day that matches ` +
    `either of them`;
  const starred = [day, weekday].find((field) => field.startsWith('*'));
  // Vixie cron and its successors take a field that begins with a star for one that is not given.
  if (starred === undefined) return `${here}; write the weekday as +${weekday} to run only on days that match both`;
  return `${here}; cron runs it only on days that match both, because ${starred} begins with *; write the weekday as +${weekday} for that`;
}

/**
 * The same rule with its times of day as lists, where its hours are fixed: such a rule runs once over a change of the
 * clock, whatever its minutes look like, and the calculator tells that by whether it sees a star or a step.
 */
export function withPlainTimes(cron: string): string {
  const fields = cron.trim().split(/\s+/);
  const hourAt = fields.length - 4;
  // A rule for every hour, or for each so many hours, follows the clock.
  if (/[*/]/.test(fields[hourAt] ?? '*')) return cron;
  return fields.map((field, index) => (index < hourAt ? listed(field) : field)).join(' ');
}

/** The minutes or seconds that a field stands for. */
function listed(field: string): string {
  if (!/[*/]/.test(field)) return field;
  const found = new Set<number>();
  for (const item of field.split(',')) {
    const [, first = '*', last, step = '1'] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(item) ?? [];
    const [from, to] = first === '*' ? [0, 59] : [Number(first), Number(last ?? first)];
    for (let value = from; value <= to; value += Number(step)) found.add(value);
  }
  return [...found].sort((left, right) => left - right).join(',');
}

/** What people write for a schedule, and how it is written; `null` where that cannot be told. */
function meantBy(text: string): string | null {
  const words = text.toLowerCase();
  const preset = ['hourly', 'daily', 'weekly', 'monthly'].find((each) => each === words);
  if (preset !== undefined) return `write ${preset}, in small letters`;
  const [, hour, minute] = /^(?:at |daily at )?([01]?\d|2[0-3]):([0-5]\d)$/.exec(words) ?? [];
  if (hour !== undefined)
    return `write "${Number(minute)} ${Number(hour)} * * *" for ${text.slice(-5).trim()} each day`;
  const [, count = '', unit = ''] = /^(?:every )?(\d{1,4}) ?([smhd])\w*$/.exec(words) ?? [];
  const step = intervals[unit]?.(Number(count));
  if (step !== undefined) return step === null ? `there is no cron expression for every ${text}` : `write ${step}`;
  const weekday = fiveFields[4]?.words.findIndex((day) => words.startsWith(day)) ?? -1;
  if (weekday >= 0 && /^[a-z]+$/.test(words)) return `write "0 0 * * ${weekday}" for that day at 00:00`;
  if (/^[a-z]/.test(words))
    return 'write hourly, daily, weekly or monthly, or for example "0 2 * * *" for 02:00 each day';
  return null;
}

/** `null`: no expression has such intervals, which must divide a minute, an hour or a day. */
const intervals: Readonly<Record<string, (count: number) => string | null>> = {
  s: (count) => (count > 0 && 60 % count === 0 ? `"*/${count} * * * * *"` : null),
  m: (count) => (count > 0 && 60 % count === 0 ? (count === 60 ? 'hourly' : `"*/${count} * * * *"`) : null),
  h: (count) => (count > 0 && 24 % count === 0 ? (count === 24 ? 'daily' : `"0 */${count} * * *"`) : null),
  d: (count) => (count === 1 ? 'daily' : count === 7 ? 'weekly' : null),
};

function nicknameFault(text: string): CronFault {
  const replacements: Readonly<Record<string, string>> = {
    '@hourly': 'hourly',
    '@daily': 'daily',
    '@midnight': 'daily',
    '@weekly': 'weekly',
    '@monthly': 'monthly',
    '@yearly': '"0 0 1 1 *"',
    '@annually': '"0 0 1 1 *"',
  };
  const replacement = replacements[text.toLowerCase()];
  if (replacement !== undefined)
    return { message: `${text} is not accepted, ${expected}`, hint: `write ${replacement}` };
  const hint = text.startsWith('@every') ? 'write a step, such as "*/15 * * * *" for every 15 minutes' : null;
  return { message: `${text.split(/\s/)[0]} is not a time, ${expected}`, hint };
}

function fieldFault(field: Field, text: string): CronFault | null {
  const items = field.name === 'weekday' && text.startsWith('+') ? text.slice(1) : text;
  for (const item of items.split(',')) {
    const fault = itemFault(field, item);
    if (fault !== null) return fault;
  }
  return null;
}

function itemFault(field: Field, item: string): CronFault | null {
  const extended = field.extension?.exec(item) ?? null;
  if (extended !== null) {
    const value = extended[1];
    return value === undefined || numberOf(field, value) !== null ? null : outside(field, value);
  }
  if (/^L-\d+$/i.test(item)) {
    return {
      message: `the ${field.name} is ${item}, and days before the last one cannot be counted`,
      hint: 'write L for the last day of each month, or a day from 1 to 28',
    };
  }
  const [, first, last, step] = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(item) ?? [];
  if (first === undefined || (first === '*' && last !== undefined)) return unreadable(field, item);
  const size = field.maximum - field.minimum + 1;
  if (step !== undefined && (Number(step) < 1 || Number(step) > size)) {
    return { message: `the step of the ${field.name} is ${step}, expected 1 to ${size}`, hint: null };
  }
  if (first === '*') return null;

  const from = numberOf(field, first);
  if (from === null) return outside(field, first);
  if (last === undefined) return step === undefined ? null : stepWithoutRange(field, first, step);
  const to = numberOf(field, last);
  if (to === null) return outside(field, last);
  // Sunday is 0 and 7: at the end of a range it is the last day.
  if (from <= (last.toLowerCase() === 'sun' ? 7 : to)) return null;
  return {
    message: `the ${field.name} range ${item} runs backwards`,
    hint: `write two ranges, such as ${from}-${field.name === 'weekday' ? 6 : field.maximum},${field.minimum}-${to}`,
  };
}

function numberOf(field: Field, text: string): number | null {
  const word = field.words.indexOf(text.toLowerCase());
  if (word >= 0) return word + field.minimum;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= field.minimum && number <= field.maximum ? number : null;
}

function outside(field: Field, found: string): CronFault {
  const words = field.words.length === 0 ? '' : ` or ${field.words[0]} to ${field.words.at(-1)}`;
  const hint = /^\d{4}$/.test(found) ? 'years are not supported' : null;
  return { message: `the ${field.name} is ${found}, expected ${field.minimum} to ${field.maximum}${words}`, hint };
}

function stepWithoutRange(field: Field, first: string, step: string): CronFault {
  return {
    message: `the step in the ${field.name} ${first}/${step} has no range`,
    hint: `write ${first}-${field.maximum}/${step}`,
  };
}

function unreadable(field: Field, item: string): CronFault {
  return {
    message: `the ${field.name} is ${JSON.stringify(item)}, expected *, numbers, ranges (1-5), steps (*/15) or lists (1,15)`,
    hint: item === '?' ? 'write * for any value' : null,
  };
}
