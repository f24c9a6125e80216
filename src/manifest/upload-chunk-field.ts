import type { Direction } from '../model/task.ts';
import { errorAt, type Finding, warningAt } from './finding.ts';
import { quoted } from './found-value.ts';
import { parseSize } from './quantity.ts';

/** Bytes; what the provider takes is judged once the credential is known. `null` after a fault. */
export function uploadChunkSizeAt(written: string, direction: Direction, findings: Finding[]): number | null {
  const path = ['spec', 'uploadChunkSize'];
  const size = parseSize(written);
  if (!size.ok) {
    findings.push(
      errorAt('CS016', path, `spec.uploadChunkSize is ${quoted(written)}; ${size.error}`, 'for example 96Mi'),
    );
    return null;
  }
  if (direction === 'PULL') {
    const message = 'spec.uploadChunkSize has no effect on a PULL, which uploads nothing';
    findings.push(warningAt('CS038', path, message, 'leave it out'));
  }
  return size.value;
}
