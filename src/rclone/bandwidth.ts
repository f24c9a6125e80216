import { type BandwidthRate, type BandwidthSlot, type Weekday, weekdays } from '../model/task.ts';

/**
 * The value for `--bwlimit`; `null`: no limit. A slot without a weekday stands for every day; a slot with one takes its
 * place on that day at that time. Each slot lasts until the next one, also over midnight.
 */
export function formatBandwidth(slots: readonly BandwidthSlot[]): string | null {
  const constant = slots.find((slot) => slot.time === null);
  if (constant !== undefined) return formatRate(constant.limit);
  if (slots.length === 0) return null;
  return weekOf(slots)
    .map(({ weekday, time, limit }) => `${weekday === null ? '' : `${weekday}-`}${time},${formatRate(limit)}`)
    .join(' ');
}

/** Bytes with their suffix: without one, rclone takes a number as KiB. */
function formatRate({ up, down }: BandwidthRate): string {
  return up === down ? half(up) : `${half(up)}:${half(down)}`;
}

function half(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? 'off' : `${bytesPerSecond}b`;
}

/** Sorted, because until the first slot of the week 1.60 applies the one that is listed last. */
function weekOf(slots: readonly BandwidthSlot[]): readonly BandwidthSlot[] {
  if (slots.every((slot) => slot.weekday === null)) return slots.toSorted((left, right) => compareTimes(left, right));
  return weekdays.flatMap((weekday) => dayOf(slots, weekday));
}

function dayOf(slots: readonly BandwidthSlot[], weekday: Weekday): readonly BandwidthSlot[] {
  const own = slots.filter((slot) => slot.weekday === weekday);
  const daily = slots.filter((slot) => slot.weekday === null && !own.some((other) => other.time === slot.time));
  return [...own, ...daily.map((slot) => ({ ...slot, weekday }))].toSorted((left, right) => compareTimes(left, right));
}

function compareTimes(left: BandwidthSlot, right: BandwidthSlot): number {
  return (left.time ?? '') < (right.time ?? '') ? -1 : 1;
}
