import { Cron } from 'croner';

/** A `Cron` is 83 KB, so few are kept; what they found out is remembered elsewhere. */
const maxCalculators = 64;
const calculators = new Map<string, Cron>();

/**
 * croner as a calculator of times; it never schedules anything here. Throws croner's own error when the expression is
 * not valid.
 */
export function cronCalculator(cron: string, timeZone: string): Cron {
  const key = `${cron}\n${timeZone}`;
  const known = calculators.get(key);
  calculators.delete(key);
  const calculator =
    known ??
    // `no-wildcard`: a list of times, such as `30 2,14 * * *`, runs once over a DST change, as a single time does.
    new Cron(cron, { ...zoneOption(timeZone), mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard' });
  calculators.set(key, calculator);
  const oldest = calculators.keys().next();
  if (calculators.size > maxCalculators && oldest.done !== true) calculators.delete(oldest.value);
  return calculator;
}

/** The same times either way; the offset spares the first question 10 ms for loading the calendars of all zones. */
function zoneOption(timeZone: string): { readonly timezone: string } | { readonly utcOffset: number } {
  return timeZone === 'UTC' ? { utcOffset: 0 } : { timezone: timeZone };
}
