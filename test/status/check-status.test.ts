import { describe, expect, test } from 'vitest';
import { taskStatus } from '../../src/status/task-status.ts';
import { checkRecord } from '../helper/check.ts';
import { now, taskFacts } from './facts.ts';

function verifiedIn(facts: ReturnType<typeof taskFacts>) {
  const { conditions, verified, health } = taskStatus(facts, null, now);
  return { condition: conditions.find(({ type }) => type === 'Verified'), verified, health };
}

describe('a check in the status', () => {
  test('is there only when there was one', () => {
    expect(verifiedIn(taskFacts())).toEqual({ condition: undefined, verified: null, health: 'Healthy' });
  });

  test.each([
    ['Equal', 'True', 'SidesEqual'],
    ['Different', 'False', 'SidesDiffer'],
    ['Failed', 'False', 'CheckFailed'],
  ] as const)('%s', (verdict, status, reason) => {
    const check = checkRecord({ verdict });
    expect(verifiedIn(taskFacts({ check }))).toMatchObject({
      condition: { status, reason, message: check.message, observedGeneration: 6 },
      verified: { at: '2026-01-04T03:12:00.000Z', method: 'hash', equal: 12, differing: 0 },
      // Files that changed since the last run differ too, and nothing is wrong with the task.
      health: 'Healthy',
    });
  });
});
