import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../src/model/history.ts';
import { taskStatus } from '../../src/status/task-status.ts';
import { runRecord } from '../helper/build.ts';
import { checkRecord } from '../helper/check.ts';
import { active, now, otherHash, success, taskFacts } from './facts.ts';

function verifiedIn(facts: ReturnType<typeof taskFacts>) {
  const { conditions, verified, health } = taskStatus(facts, null, now);
  return { condition: conditions.find(({ type }) => type === 'Verified'), verified, health };
}

const { id, outcome, finishedAt } = success;
const check = checkRecord({ specHash: active.specHash, run: { id, outcome, finishedAt } });

describe('a check in the status', () => {
  test('is there only when there was one', () => {
    expect(verifiedIn(taskFacts())).toEqual({ condition: undefined, verified: null, health: 'Healthy' });
  });

  test.each([
    ['Equal', 'True', 'SidesEqual'],
    ['EqualWithWarnings', 'True', 'SidesEqualWithWarnings'],
    ['SizesEqual', 'Unknown', 'OnlySizesCompared'],
    ['Different', 'False', 'SidesDiffer'],
    ['Failed', 'False', 'CheckFailed'],
  ] as const)('%s', (verdict, status, reason) => {
    expect(verifiedIn(taskFacts({ check: { ...check, verdict } }))).toMatchObject({
      condition: {
        status,
        reason,
        message: `Checked at 2026-01-04T03:12:00.000Z, after run ${id}: ${check.message}`,
        observedGeneration: 6,
      },
      verified: {
        at: '2026-01-04T03:12:00.000Z',
        method: 'hash',
        equal: 12,
        differing: 0,
        equalBy: { hash: 12 },
        current: true,
        run: { id, outcome: 'Succeeded' },
      },
      // Files that changed since the last run differ too, and nothing is wrong with the task.
      health: 'Healthy',
    });
  });

  test('of another version of the task says nothing about this one', () => {
    expect(verifiedIn(taskFacts({ check: { ...check, specHash: otherHash } }))).toMatchObject({
      condition: {
        status: 'Unknown',
        reason: 'SpecChanged',
        message: 'The check of 2026-01-04T03:12:00.000Z found Equal by hash; it was of another version of the task',
      },
      verified: { current: false, specHash: otherHash },
    });
    const old = { ...check, specHash: null };
    expect(verifiedIn(taskFacts({ check: old })).condition).toMatchObject({ status: 'Unknown' });
  });

  test('that failed gives way to a run since, and not to one that touched nothing', () => {
    const failed = { ...check, verdict: 'Failed' as const, message: 'the server did not answer' };
    const later = runRecord({ id: 'later', startedAt: check.finishedAt + 1, finishedAt: check.finishedAt + 2 });
    const afterRun = (last: typeof later) =>
      verifiedIn(
        taskFacts({
          check: failed,
          history: { ...emptyHistory, lastRun: last, lastSuccess: success, runs: [last, success] },
        }),
      );

    const { condition, health } = afterRun(later);
    expect(condition).toMatchObject({ status: 'Unknown', reason: 'RunSince' });
    expect(condition?.message).toContain('run later has ended since');
    expect(condition?.message).not.toContain('did not answer');
    expect(health).toBe('Healthy');
    for (const nothing of [
      { ...later, outcome: 'Blocked' as const },
      { ...later, dryRun: true },
    ]) {
      expect(afterRun(nothing).condition).toMatchObject({ status: 'False', reason: 'CheckFailed' });
    }
  });
});
