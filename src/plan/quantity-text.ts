import type { DeleteLimit } from '../model/task.ts';
import { plural } from '../model/wording.ts';

const durations = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

const sizes = [
  ['G', 1024 ** 3],
  ['M', 1024 ** 2],
  ['k', 1024],
] as const;

/** Such as `6h` or `90s`: the largest unit that says it exactly. */
export function durationText(ms: number): string {
  const [unit, length] = durations.find(([, candidate]) => ms > 0 && ms % candidate === 0) ?? ['ms', 1];
  return ms === 0 ? '0s' : `${ms / length}${unit}`;
}

/** Such as `96M`; the units are powers of 1024, as rclone reads them. */
export function sizeText(bytes: number): string {
  const [unit, length] = sizes.find(([, candidate]) => bytes > 0 && bytes % candidate === 0) ?? ['b', 1];
  return `${bytes / length}${unit}`;
}

/** Bytes per second; `null` is unlimited. */
export function rateText(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? 'off' : sizeText(bytesPerSecond);
}

/** Such as `50%` or `100 files`. */
export function deleteLimitText(limit: DeleteLimit): string {
  if (limit.kind === 'percentage') return `${limit.percentage}%`;
  return plural(limit.count, 'file');
}
