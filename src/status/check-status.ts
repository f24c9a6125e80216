import type { CheckRecord } from '../model/check.ts';
import { unreachable } from '../model/result.ts';
import type { VerifiedStatus } from '../model/status.ts';
import type { Observation } from './condition.ts';
import { timestamp } from './timestamp.ts';

/** `Verified`, there only when a check has run. It says how the files were then, and not how the task is doing. */
export function verifiedObservation(check: CheckRecord | null): Observation | null {
  if (check === null) return null;
  const type = 'Verified';
  const { verdict, message } = check;
  switch (verdict) {
    case 'Equal':
      return { type, status: 'True', reason: 'SidesEqual', message };
    case 'Different':
      return { type, status: 'False', reason: 'SidesDiffer', message };
    case 'Failed':
    case 'Stopped':
      return { type, status: 'False', reason: 'CheckFailed', message };
    default:
      return unreachable(verdict);
  }
}

export function verifiedStatus(check: CheckRecord | null): VerifiedStatus | null {
  return check === null ? null : { at: timestamp(check.finishedAt), method: check.method, ...check.counts };
}
