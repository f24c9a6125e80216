import { type BandwidthSlot, type Weekday, weekdays } from '../model/task.ts';
import { parseRate } from './bandwidth-rate.ts';

interface Bandwidth {
  /** Sorted by weekday and time. Empty when there is no limit, or an error. */
  readonly slots: readonly BandwidthSlot[];
  readonly faults: readonly BandwidthFault[];
}

interface BandwidthFault {
  readonly severity: 'error' | 'warning';
  /** Index into the list; 0 where one string was written. */
  readonly index: number;
  readonly message: string;
  readonly hint: string | null;
}

interface Entry {
  readonly text: string;
  readonly index: number;
}

/** A slot of a timetable always has a time. */
type TimedSlot = BandwidthSlot & { readonly time: string };

interface PlacedSlot extends Entry {
  readonly slot: TimedSlot;
}

const grammar = 'write HH:MM,LIMIT separated by spaces or as a list, for example "08:00,512 18:00,30MB 23:00,off"';
const slotPattern = /^(?:([a-z]+)-)?(\d{1,2}):(\d{2}),(.+)$/i;
const fullNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** One limit, or a timetable as one string or a list. Never throws, whatever the text. */
export function parseBandwidth(written: string | number | readonly string[]): Bandwidth {
  const texts = typeof written === 'string' || typeof written === 'number' ? [String(written)] : written;
  const entries = texts.flatMap((text, index) => words(text).map((word) => ({ text: word, index })));
  const [first] = entries;
  if (first === undefined) return { slots: [], faults: texts.map((_, index) => fault(index, 'the limit is empty')) };
  if (entries.length === 1 && !first.text.includes(',')) return constantLimit(first);

  const faults: BandwidthFault[] = [];
  const placed: PlacedSlot[] = [];
  for (const entry of entries) {
    const slot = parseSlot(entry.text);
    if (typeof slot === 'string') faults.push(fault(entry.index, slot));
    else placed.push({ ...entry, slot });
  }
  faults.push(...orderFaults(placed), ...placed.flatMap(({ text, index }) => zeroFaults(text.split(',')[1], index)));
  const failed = faults.some(({ severity }) => severity === 'error');
  return { slots: failed ? [] : sorted(placed.map(({ slot }) => slot)), faults };
}

/** TrueNAS shows a blank after the comma. */
function words(text: string): readonly string[] {
  return text
    .replaceAll(/\s*,\s*/g, ',')
    .split(/\s+/)
    .filter((word) => word !== '');
}

function fault(index: number, message: string, hint: string = grammar): BandwidthFault {
  return { severity: 'error', index, message, hint };
}

function constantLimit({ text, index }: Entry): Bandwidth {
  const rate = parseRate(text);
  if (!rate.ok) return { slots: [], faults: [fault(index, rate.error)] };
  if (isAmbiguous(text)) {
    const [up = '', down = ''] = text.split(':');
    const both = `"${withUnit(up)}:${withUnit(down)}" to limit uploads and downloads`;
    const hint = /^([01]?\d|2[0-3]):[0-5]\d$/.test(text)
      ? `write a limit after the time: "${text},1M"; or write ${both}`
      : `write ${both}`;
    return { slots: [], faults: [fault(index, `"${text}" may be a time of day or two limits, UP:DOWN`, hint)] };
  }
  return { slots: [{ weekday: null, time: null, limit: rate.value }], faults: zeroFaults(text, index) };
}

/** Two parts of which one is a number without a unit; without a time before it, nobody can tell that from a time. */
function isAmbiguous(text: string): boolean {
  const parts = text.split(':');
  return /^\d{1,2}:\d{2}$/.test(text) || (parts.length > 1 && parts.some((part) => /^[\d.]*[1-9][\d.]*$/.test(part)));
}

function withUnit(part: string): string {
  return /^[\d.]+$/.test(part) ? `${part}k` : part;
}

function zeroFaults(rate: string | undefined, index: number): readonly BandwidthFault[] {
  if (rate === undefined || !/(?:^|:)0+(?:[a-z/]|:|$)/i.test(rate)) return [];
  const message = 'a limit of 0 means that there is no limit';
  return [{ severity: 'warning', index, message, hint: 'write off if that is meant; disable the task to stop it' }];
}

/** A string says what is wrong. */
function parseSlot(text: string): TimedSlot | string {
  const match = slotPattern.exec(text);
  if (match === null) return `${JSON.stringify(text.slice(0, 40))} is not a time and a limit`;
  const [, day, hours = '', minutes = '', rateText = ''] = match;
  const weekday = day === undefined ? null : weekdayOf(day);
  if (weekday === undefined) return `"${day}" is not a weekday`;
  if (Number(hours) > 23 || Number(minutes) > 59) return `"${hours}:${minutes}" is not a time of day`;
  const rate = parseRate(rateText);
  return rate.ok ? { weekday, time: `${hours.padStart(2, '0')}:${minutes}`, limit: rate.value } : rate.error;
}

function weekdayOf(name: string): Weekday | undefined {
  const lower = name.toLowerCase();
  return weekdays.find((weekday, index) => lower === weekday || lower === fullNames[index]);
}

/** Times must rise within what was written for one day, and no moment may be given two limits. */
function orderFaults(placed: readonly PlacedSlot[]): readonly BandwidthFault[] {
  const latest = new Map<Weekday | null, string>();
  const taken = new Set<string>();
  const faults: BandwidthFault[] = [];
  for (const { slot, index } of placed) {
    const { time } = slot;
    const before = latest.get(slot.weekday);
    const days = slot.weekday === null ? weekdays : [slot.weekday];
    const twice = days.find((day) => taken.has(`${day} ${time}`));
    if (before !== undefined && time <= before) {
      faults.push(fault(index, `${time} comes after ${before}; times must rise within a day`));
    } else if (twice !== undefined) {
      faults.push(fault(index, `${time} on ${twice} is given two limits`));
    }
    latest.set(slot.weekday, time);
    for (const day of days) taken.add(`${day} ${time}`);
  }
  return faults;
}

/**
 * rclone 1.60 lets the entry that is listed last apply before the first of the week, so the order must be that of the
 * week. Entries for every day are written out as soon as one names its day.
 */
function sorted(slots: readonly BandwidthSlot[]): readonly BandwidthSlot[] {
  const dated = slots.some(({ weekday }) => weekday !== null);
  const spread = dated
    ? slots.flatMap((slot) => (slot.weekday === null ? weekdays.map((weekday) => ({ ...slot, weekday })) : [slot]))
    : slots;
  return [...spread].sort((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
}

function sortKey({ weekday, time }: BandwidthSlot): string {
  return `${weekday === null ? 0 : weekdays.indexOf(weekday)} ${time}`;
}
