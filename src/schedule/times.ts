import type { ScheduleVerdict } from '../model/schedule-verdict.ts';
import { cronCalculator } from './cron-calculator.ts';
import { cronFault, eitherDayWarning, withPlainTimes } from './cron-grammar.ts';
import { midnightGap } from './midnight-gap.ts';

/** Consecutive times of one schedule: after `from` and up to the last of them, there are no others. */
interface Chain {
  from: number;
  readonly times: number[];
}

/** The time before `until`, and none in between. */
interface Previous {
  readonly time: number;
  readonly until: number;
}

/** Schedules repeat among tasks, so that each is computed once; beyond this many different ones all is forgotten. */
const maxRemembered = 20_000;
const maxChain = 8;
const verdicts = new Map<string, ScheduleVerdict>();
const timeZones = new Map<string, boolean>();
const chains = new Map<string, Chain>();
const previous = new Map<string, Previous>();

/** Whether an expression never fires does not depend on the year; a fixed one keeps the verdict the same every day. */
const referenceMs = Date.UTC(2026, 0, 1);

/** Five fields, or six with seconds first; `null` is the daemon's zone, which is not checked here. */
export function checkSchedule(cron: string, timeZone: string | null): ScheduleVerdict {
  return remembered(verdicts, keyOf(cron, timeZone), () => judge(cron, timeZone));
}

/** The first time strictly after `afterMs`; `null` if there is none. The schedule must have passed `checkSchedule`. */
export function nextTime(cron: string, timeZone: string | null, afterMs: number): number | null {
  const chain = remembered(chains, keyOf(cron, timeZone), () => ({ from: afterMs, times: [] }));
  const known = afterMs >= chain.from ? chain.times.find((time) => time > afterMs) : undefined;
  const time = known ?? extend(chain, afterMs, computeNext(cron, timeZone, afterMs));
  return time === Number.POSITIVE_INFINITY ? null : time;
}

/** The last time strictly before `beforeMs`; `null` if there is none. */
export function previousTime(cron: string, timeZone: string | null, beforeMs: number): number | null {
  const key = keyOf(cron, timeZone);
  const known = previous.get(key);
  if (known !== undefined && known.time < beforeMs && beforeMs <= known.until) return known.time;
  const time = computePrevious(cron, timeZone ?? daemonTimeZone(), beforeMs);
  previous.delete(key);
  if (time !== undefined) remembered(previous, key, () => ({ time, until: beforeMs }));
  return time ?? null;
}

let daemonZone: string | null = null;

/** The IANA name of the zone that this process runs in; `UTC` where the system's setting makes no sense. */
export function daemonTimeZone(): string {
  if (daemonZone === null) {
    // `undefined` where TZ is not a zone, whatever the types say.
    const zone: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    daemonZone = zone !== undefined && isTimeZone(zone) ? zone : 'UTC';
  }
  return daemonZone;
}

function judge(cron: string, timeZone: string | null): ScheduleVerdict {
  const shown = JSON.stringify(cron.length > 80 ? `${cron.slice(0, 80)}…` : cron);
  const fault = cronFault(cron) ?? calculatorFault(cron);
  if (fault !== null) {
    return {
      ok: false,
      code: 'CS021',
      message: `the schedule ${shown} is not valid: ${fault.message}`,
      hint: fault.hint,
    };
  }
  if (timeZone !== null && !isTimeZone(timeZone)) {
    return {
      ok: false,
      code: 'CS023',
      message: `the time zone ${JSON.stringify(timeZone)} is unknown; expected an IANA name`,
      hint: 'such as Europe/Berlin or UTC',
    };
  }
  if (computeNext(cron, 'UTC', referenceMs) === Number.POSITIVE_INFINITY) {
    return {
      ok: false,
      code: 'CS022',
      message: `the schedule ${shown} never fires: no month that it names has such a day`,
      hint: 'write L as the day of month for the last day of each month',
    };
  }
  const warning = eitherDayWarning(cron);
  return { ok: true, warnings: warning === null ? [] : [warning] };
}

function calculatorFault(cron: string): { message: string; hint: null } | null {
  try {
    cronCalculator(cron, 'UTC');
    return null;
  } catch (error) {
    return { message: String(error).replace(/^\w+: CronPattern: /, ''), hint: null };
  }
}

function isTimeZone(name: string): boolean {
  return remembered(timeZones, name, () => isListedTimeZone(name) || isUsableTimeZone(name));
}

/** Other spellings and former names are good as well, but to ask about the first one takes 17 ms; the list, 2 ms. */
function isListedTimeZone(name: string): boolean {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name);
}

/** Offsets such as `+02:00` are refused although some versions of Node take them: they know no DST. */
function isUsableTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function computeNext(written: string, timeZone: string | null, afterMs: number): number {
  const zone = timeZone ?? daemonTimeZone();
  const cron = withPlainTimes(written);
  const next = cronCalculator(cron, zone).nextRun(new Date(afterMs))?.getTime() ?? Number.POSITIVE_INFINITY;
  return zone === 'UTC' ? next : (midnightGap(cron, zone, afterMs, next) ?? next);
}

function computePrevious(written: string, zone: string, beforeMs: number): number | undefined {
  const cron = withPlainTimes(written);
  const time = cronCalculator(cron, zone).previousRuns(1, new Date(beforeMs))[0]?.getTime();
  return zone === 'UTC' || time === undefined ? time : (midnightGap(cron, zone, time, beforeMs) ?? time);
}

/** Links a new time to the chain where the two touch, and starts the chain anew where they do not. */
function extend(chain: Chain, afterMs: number, time: number): number {
  const touchesEnd = chain.times.at(-1) === afterMs;
  const touchesStart = chain.times[0] === time;
  if (touchesStart) chain.from = afterMs;
  if (touchesEnd) chain.times.push(time);
  if (!touchesStart && !touchesEnd) {
    chain.times.splice(0, chain.times.length, time);
    chain.from = afterMs;
  }
  if (chain.times.length > maxChain) chain.from = chain.times.shift() ?? afterMs;
  return time;
}

function keyOf(cron: string, timeZone: string | null): string {
  return `${cron}\n${timeZone ?? ''}`;
}

function remembered<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (memory.size >= maxRemembered) memory.clear();
  memory.set(key, made);
  return made;
}
