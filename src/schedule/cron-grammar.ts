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
      hint: parts.length > 6 ? 'years are not supported' : 'a sixth field, for seconds, may come first',
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
  return (
    `the day of month (${day}) and the weekday (${weekday}) are both given, so it runs on every day that matches ` +
    `either of them; write the weekday as +${weekday} to run only on days that match both`
  );
}

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
