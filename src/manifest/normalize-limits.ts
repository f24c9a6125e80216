import type { FileLimits, TransferMode } from '../model/task.ts';
import { durationAt } from './duration-field.ts';
import { errorAt, errorAtKey, type Finding } from './finding.ts';
import { sizeAt } from './size-field.ts';
import type { WrittenTaskSpec } from './written-task.ts';

const limitFields = ['minAge', 'maxAge', 'minSize', 'maxSize'] as const;
type WrittenLimits = Pick<WrittenTaskSpec, (typeof limitFields)[number]>;

const second = 1000;
const century = 36_500 * 86_400 * second;

/** The limits for the age and size of files, in milliseconds and bytes. A SYNC may have none. */
export function normalizeLimits(written: WrittenLimits, mode: TransferMode, findings: Finding[]): FileLimits {
  const ages = { least: second, most: century };
  const { minAge, maxAge, minSize, maxSize } = written;
  const before = findings.length;
  const limits: FileLimits = {
    minAgeMs: minAge === undefined ? null : durationAt(minAge, ['spec', 'minAge'], ages, findings),
    maxAgeMs: maxAge === undefined ? null : durationAt(maxAge, ['spec', 'maxAge'], ages, findings),
    minSizeBytes: minSize === undefined ? null : sizeAt(minSize, ['spec', 'minSize'], findings),
    maxSizeBytes: maxSize === undefined ? null : sizeAt(maxSize, ['spec', 'maxSize'], findings),
  };
  if (mode === 'SYNC') findings.push(...limitFields.filter((field) => written[field] !== undefined).map(refused));
  // After a fault in one of them, the other has nothing to be held against.
  else if (findings.length === before) findings.push(...contradictions(written, limits));
  return limits;
}

/** rclone applies these limits to both sides, and deletes at the destination what it does not see at the source. */
function refused(field: (typeof limitFields)[number]): Finding {
  const quality = field.endsWith('Age') ? 'age' : 'size';
  const message =
    `spec.${field} is not possible with SYNC: a file that is left out for its ${quality} looks deleted, ` +
    'and its copy at the destination would be deleted';
  return errorAtKey('CS047', ['spec', field], message, 'use transferMode: COPY, or exclude such files by name');
}

/** Limits between which there is nothing. */
function contradictions(
  { minAge, maxAge, minSize, maxSize }: WrittenLimits,
  { minAgeMs, maxAgeMs, minSizeBytes, maxSizeBytes }: FileLimits,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (minAgeMs !== null && maxAgeMs !== null && minAgeMs >= maxAgeMs) {
    const message = `spec.minAge is ${minAge} and spec.maxAge is ${maxAge}, so that no file is ever taken`;
    findings.push(errorAt('CS015', ['spec', 'minAge'], message, 'minAge must be less than maxAge'));
  }
  if (minSizeBytes !== null && maxSizeBytes !== null && minSizeBytes > maxSizeBytes) {
    const message = `spec.minSize is ${minSize} and spec.maxSize is ${maxSize}, so that no file is ever taken`;
    findings.push(errorAt('CS015', ['spec', 'minSize'], message, 'minSize must not be more than maxSize'));
  }
  return findings;
}
