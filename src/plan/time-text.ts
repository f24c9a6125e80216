const formats = new Map<string, Intl.DateTimeFormat>();

/** Such as `2026-11-23 02:00, 2026-11-24 02:00 Europe/Berlin`. Seconds are shown where there are any. */
export function timeList(times: readonly number[], timeZone: string): string {
  if (times.length === 0) return 'none';
  return `${times.map((time) => formatOf(timeZone).format(time).replace(/:00$/, '')).join(', ')} ${timeZone}`;
}

/** Swedish dates are ISO dates. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(timeZone, format);
  return format;
}
