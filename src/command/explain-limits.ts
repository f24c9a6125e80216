import { stat } from 'node:fs/promises';
import type { FileLimits, TaskSpec } from '../model/task.ts';
import { durationText, sizeText } from '../plan/quantity-text.ts';
import { hasLimits, limitsOf } from '../rclone/limit-arguments.ts';

export type LimitField = 'minAge' | 'maxAge' | 'minSize' | 'maxSize';

/** What the limits for age and size say of one file. */
export interface LimitExplanation {
  /** The limit that leaves the file out; `null`: none does, as far as the file can be seen here. */
  readonly field: LimitField | null;
  /** Goes after `included` or `excluded`. */
  readonly text: string;
}

/** `null`: the task has no limits, or the file is within them. A file that is not on this machine cannot be judged. */
export async function explainLimits(spec: TaskSpec, file: string, now: number): Promise<LimitExplanation | null> {
  const limits = limitsOf(spec);
  if (!hasLimits(limits)) return null;
  const stats = spec.direction === 'PUSH' ? await stat(file).catch(() => null) : null;
  if (stats?.isFile() !== true) return { field: null, text: `, if it is within ${limitTexts(limits).join(', ')}` };
  return exceeded(limits, { ageMs: now - stats.mtimeMs, size: stats.size });
}

interface Measured {
  readonly ageMs: number;
  readonly size: number;
}

/** As rclone compares: a file that is just as old or as large as a limit is taken. */
function exceeded(limits: FileLimits, { ageMs, size }: Measured): LimitExplanation | null {
  const { minAgeMs, maxAgeMs, minSizeBytes, maxSizeBytes } = limits;
  if (minAgeMs !== null && ageMs < minAgeMs) return byAge('minAge', minAgeMs, ageMs);
  if (maxAgeMs !== null && ageMs > maxAgeMs) return byAge('maxAge', maxAgeMs, ageMs);
  if (minSizeBytes !== null && size < minSizeBytes) return bySize('minSize', minSizeBytes, size);
  if (maxSizeBytes !== null && size > maxSizeBytes) return bySize('maxSize', maxSizeBytes, size);
  return null;
}

function byAge(field: LimitField, limitMs: number, ageMs: number): LimitExplanation {
  const when = ageMs < 0 ? 'its time is in the future' : `it was modified ${wholeSeconds(ageMs)} ago`;
  return { field, text: ` by ${field} ${durationText(limitMs)}: ${when}` };
}

function bySize(field: LimitField, limit: number, size: number): LimitExplanation {
  return { field, text: ` by ${field} ${sizeText(limit)}: it has ${size} bytes` };
}

function wholeSeconds(ms: number): string {
  return durationText(Math.floor(ms / 1000) * 1000);
}

function limitTexts({ minAgeMs, maxAgeMs, minSizeBytes, maxSizeBytes }: FileLimits): readonly string[] {
  return [
    ...(minAgeMs === null ? [] : [`minAge ${durationText(minAgeMs)}`]),
    ...(maxAgeMs === null ? [] : [`maxAge ${durationText(maxAgeMs)}`]),
    ...(minSizeBytes === null ? [] : [`minSize ${sizeText(minSizeBytes)}`]),
    ...(maxSizeBytes === null ? [] : [`maxSize ${sizeText(maxSizeBytes)}`]),
  ];
}
