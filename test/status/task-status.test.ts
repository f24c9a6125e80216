import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../src/model/history.ts';
import { digest } from '../../src/model/spec-hash.ts';
import type { Condition, TaskStatus } from '../../src/model/status.ts';
import type { TaskFacts } from '../../src/status/task-facts.ts';
import { taskStatus } from '../../src/status/task-status.ts';
import { activeTask, problem, runRecord, taskSpec } from '../helper/build.ts';
import { active, activeRun, anHour, failure, now, otherHash, success, taskFacts } from './facts.ts';

function condition(status: TaskStatus, type: Condition['type']): Condition | undefined {
  return status.conditions.find((candidate) => candidate.type === type);
}

const suspendedTask = activeTask('photos', { spec: taskSpec({ enabled: false }) });
const suspended = { active: suspendedTask, observed: { specHash: suspendedTask.specHash, revision: null } };
const changed = { observed: { specHash: otherHash, revision: 'abc' } };
const invalid = { observed: null, problems: [problem()] };
const failed = { history: { ...emptyHistory, lastRun: failure, runs: [failure, success], lastSuccess: success } };
const limited = runRecord({
  id: 'limited',
  outcome: 'LimitReached',
  lastError: 'The limit on the duration was reached.',
});
const skip = runRecord({ id: 'skipped', outcome: 'Skipped', lastError: 'The previous run is still going.' });

describe('sync and health', () => {
  const cases: readonly (readonly [string, Partial<TaskFacts>, string, string])[] = [
    ['a task that runs well', {}, 'Synced', 'Healthy'],
    ['a task that runs now', { activeRun: activeRun() }, 'Synced', 'Progressing'],
    ['a suspended task', suspended, 'Synced', 'Suspended'],
    ['a suspended task that failed', { ...suspended, ...failed }, 'Synced', 'Suspended'],
    ['a task whose last run failed', failed, 'Synced', 'Degraded'],
    ['a task that never ran', { history: emptyHistory }, 'Synced', 'Unknown'],
    ['a task that only skipped', { history: { ...emptyHistory, lastRun: skip, runs: [skip] } }, 'Synced', 'Unknown'],
    [
      'a task that came to its limit after a success',
      { history: { ...emptyHistory, lastRun: limited, runs: [limited, success], lastSuccess: success } },
      'Synced',
      'Healthy',
    ],
    [
      'a task that came to its limit after a failure',
      { history: { ...emptyHistory, lastRun: limited, runs: [limited, failure] } },
      'Synced',
      'Degraded',
    ],
    ['a changed manifest', changed, 'OutOfSync', 'Healthy'],
    ['a new manifest', { active: null, history: emptyHistory }, 'OutOfSync', 'Unknown'],
    ['a manifest that is gone', { observed: null }, 'OutOfSync', 'Healthy'],
    ['an invalid manifest', invalid, 'Invalid', 'Degraded'],
    ['an invalid new manifest', { ...invalid, active: null, history: emptyHistory }, 'Invalid', 'Degraded'],
    ['a manifest with a warning', { problems: [problem({ severity: 'warning' })] }, 'Synced', 'Healthy'],
    ['a delete that a guard refuses', { observed: null, blocked: 'Too many deletes' }, 'Blocked', 'Healthy'],
    ['an overdue task', { dueSinceSuccess: now - anHour }, 'Synced', 'Degraded'],
  ];

  test.each(cases)('%s', (_title, facts, sync, health) => {
    expect(taskStatus(taskFacts(facts), null, now)).toMatchObject({ sync, health });
  });
});

describe('versions', () => {
  test('the manifest in force has the generation that was applied', () => {
    const status = taskStatus(taskFacts(), null, now);
    expect(status.observed).toMatchObject({ generation: 6, specHash: active.specHash });
    expect(status.applied).toMatchObject({ generation: 6, at: new Date(active.appliedAt).toISOString() });
  });

  test('a changed manifest will be the next generation', () => {
    expect(taskStatus(taskFacts(changed), null, now).observed).toMatchObject({ generation: 7, revision: 'abc' });
  });

  test('a new manifest will be the first', () => {
    const status = taskStatus(taskFacts({ active: null }), null, now);
    expect(status.observed?.generation).toBe(1);
    expect(status.applied).toBeNull();
  });

  test('time and revision of the observation move with the content of the manifest', () => {
    const before = taskStatus(taskFacts(changed), null, now);
    const after = taskStatus(
      taskFacts({ observed: { specHash: digest('a third'), revision: 'def' } }),
      before,
      now + 1,
    );
    expect(after.observed).toMatchObject({ revision: 'def', at: new Date(now + 1).toISOString() });
  });

  test('and not with a commit that leaves the manifest as it is, applied or not', () => {
    const before = taskStatus(taskFacts(changed), null, now);
    const later = { observed: { specHash: otherHash, revision: 'def' } };
    expect(taskStatus(taskFacts(later), before, now + 1).observed).toEqual(before.observed);

    const applied = { ...activeTask('photos', { revision: 'abc' }), specHash: otherHash };
    const lost = taskStatus(taskFacts({ ...later, active: applied }), null, now + 1);
    expect(lost).toMatchObject({ observed: { revision: 'abc' }, applied: { revision: 'abc' } });
  });
});

describe('conditions', () => {
  const cases: readonly (readonly [string, Partial<TaskFacts>, Condition['type'], string, string, string])[] = [
    ['scheduled', {}, 'Ready', 'True', 'Scheduled', 'Runs on the schedule "0 2 * * *"'],
    ['suspended stays ready', suspended, 'Ready', 'True', 'Suspended', 'The task is suspended'],
    ['suspended', suspended, 'Suspended', 'True', 'Disabled', 'The manifest says "enabled: false"'],
    ['invalid', invalid, 'Ready', 'True', 'LastGoodKept', 'Running the last good version, generation 6'],
    [
      'invalid and suspended',
      { ...suspended, ...invalid },
      'Ready',
      'True',
      'LastGoodKept',
      'Keeping the last good version, generation 1',
    ],
    [
      'invalid from the start',
      { ...invalid, active: null },
      'Ready',
      'False',
      'InvalidManifest',
      'The manifest is not valid and no version of it was ever applied',
    ],
    [
      'not applied yet',
      { active: null, automatic: false },
      'Ready',
      'False',
      'NotApplied',
      'The manifest waits for "cloudsync apply"',
    ],
    ['about to be applied', changed, 'Reconciling', 'True', 'ApplyPending', 'The manifest is about to be applied'],
    ['blocked', { blocked: 'Too many deletes' }, 'Ready', 'True', 'Blocked', 'Too many deletes'],
    ['blocked and new', { blocked: 'Refused', active: null }, 'Ready', 'False', 'Blocked', 'Refused'],
    ['blocked is stalled', { blocked: 'Too many deletes' }, 'Stalled', 'True', 'Blocked', 'Too many deletes'],
    [
      'manifest gone',
      { observed: null },
      'Reconciling',
      'True',
      'ManifestRemoved',
      'The manifest is gone; waiting to be sure',
    ],
    ['manifest gone', { observed: null }, 'Valid', 'Unknown', 'ManifestRemoved', 'The manifest is gone'],
    ['nothing at all', { observed: null, active: null }, 'Ready', 'False', 'ManifestRemoved', 'The manifest is gone'],
    [
      'problems are counted',
      { observed: null, problems: [problem({ severity: 'warning', message: 'odd' }), problem()] },
      'Valid',
      'False',
      'Invalid',
      'Line 9: direction is "UP", expected PUSH or PULL (and 1 more)',
    ],
    [
      'a warning is valid',
      { problems: [problem({ severity: 'warning', message: 'odd' })] },
      'Valid',
      'True',
      'ValidWithWarnings',
      'Line 9: odd',
    ],
    ['failed', failed, 'LastRunSucceeded', 'False', 'Failed', 'The remote is full.'],
    ['never ran', { history: emptyHistory }, 'LastRunSucceeded', 'Unknown', 'NeverRan', 'The task has not run yet'],
    [
      'a skipped run is no success',
      { history: { ...emptyHistory, lastRun: skip, runs: [skip, success], lastSuccess: success } },
      'LastRunSucceeded',
      'Unknown',
      'Skipped',
      'The previous run is still going.',
    ],
    [
      'a run that came to its limit is no success',
      { history: { ...emptyHistory, lastRun: limited, runs: [limited, success], lastSuccess: success } },
      'LastRunSucceeded',
      'Unknown',
      'LimitReached',
      'The limit on the duration was reached.',
    ],
    [
      'a skipped run does not excuse a failure',
      { history: { ...emptyHistory, lastRun: skip, runs: [skip, failure] } },
      'LastRunSucceeded',
      'False',
      'Failed',
      'The remote is full.',
    ],
    [
      'a dry run is no success',
      { history: { ...emptyHistory, lastRun: { ...success, dryRun: true } } },
      'LastRunSucceeded',
      'Unknown',
      'NeverRan',
      'The task has not run yet',
    ],
    [
      'warnings are told',
      { history: { ...emptyHistory, lastRun: { ...success, outcome: 'SucceededWithWarnings', warnings: ['odd'] } } },
      'LastRunSucceeded',
      'True',
      'SucceededWithWarnings',
      'The last run succeeded, but: odd',
    ],
    [
      'a run that a guard refused',
      { history: { ...emptyHistory, lastRun: { ...failure, outcome: 'Blocked' } } },
      'Stalled',
      'True',
      'RunBlocked',
      'The remote is full.',
    ],
    [
      'a token that expired',
      { history: { ...emptyHistory, lastRun: { ...failure, outcome: 'AuthExpired', lastError: null } } },
      'Stalled',
      'True',
      'AuthExpired',
      'The last run ended as AuthExpired',
    ],
    ['on time', {}, 'Overdue', 'False', 'OnTime', 'No scheduled run is overdue'],
    ['manual only', { dueSinceSuccess: null }, 'Overdue', 'False', 'NotScheduled', 'Nothing is due'],
    [
      'overdue',
      { dueSinceSuccess: now - anHour },
      'Overdue',
      'True',
      'NoSuccessSinceDue',
      'A run was due at 2026-01-09T23:00:00.000Z and none has succeeded since',
    ],
    ['overdue, suspended', { ...suspended, dueSinceSuccess: 0 }, 'Overdue', 'False', 'NotScheduled', 'Nothing is due'],
  ];

  test.each(cases)('%s', (_title, facts, type, status, reason, message) => {
    expect(condition(taskStatus(taskFacts(facts), null, now), type)).toMatchObject({ status, reason, message });
  });

  test('a task without a schedule says so', () => {
    const manual = activeTask('photos', { spec: taskSpec({ schedule: null }) });
    const status = taskStatus(taskFacts({ active: manual }), null, now);
    expect(condition(status, 'Ready')?.reason).toBe('ManualOnly');
  });

  test('come in a fixed order, and the abnormal ones only while they are so', () => {
    const types = taskStatus(taskFacts(), null, now).conditions.map(({ type }) => type);
    expect(types).toEqual(['Ready', 'Valid', 'LastRunSucceeded', 'Suspended', 'Overdue']);
    const stalled = taskStatus(taskFacts(invalid), null, now).conditions.map(({ type }) => type);
    expect(stalled).toEqual(['Ready', 'Valid', 'LastRunSucceeded', 'Suspended', 'Overdue', 'Stalled']);
  });

  test('a manifest that waits for somebody to apply it is not reconciling', () => {
    const status = taskStatus(taskFacts({ ...changed, automatic: false }), null, now);
    expect(condition(status, 'Reconciling')).toBeUndefined();
  });

  test('remember since when, until their status changes', () => {
    const first = taskStatus(taskFacts(), null, now);
    const second = taskStatus(taskFacts(failed), first, now + anHour);
    expect(condition(second, 'Ready')?.lastTransitionTime).toBe(new Date(now).toISOString());
    expect(condition(second, 'LastRunSucceeded')?.lastTransitionTime).toBe(new Date(now + anHour).toISOString());
  });
});

test('no more than twenty problems are listed, errors first', () => {
  const warnings = Array.from({ length: 30 }, () => problem({ severity: 'warning' }));
  const { problems } = taskStatus(taskFacts({ problems: [...warnings, problem({ line: 77 })] }), null, now);
  expect(problems).toHaveLength(20);
  expect(problems[0]).toEqual({
    code: 'CS014',
    severity: 'error',
    line: 77,
    column: 3,
    message: 'direction is "UP", expected PUSH or PULL',
    hint: 'Write PUSH to copy from this machine to the remote.',
  });
});

test('the status of unchanged facts stays as it is', () => {
  const part = fc.record({
    shape: fc.constantFrom<Partial<TaskFacts>>({}, suspended, changed, invalid, { observed: null }, { active: null }),
    runs: fc.constantFrom<Partial<TaskFacts>>({}, failed, { history: emptyHistory }, { activeRun: activeRun() }),
    blocked: fc.constantFrom(null, 'Too many deletes'),
    automatic: fc.boolean(),
    dueSinceSuccess: fc.option(fc.integer({ min: now - 30 * anHour, max: now + anHour })),
    previous: fc.constantFrom(null, taskStatus(taskFacts(failed), null, 0), taskStatus(taskFacts(invalid), null, 0)),
    at: fc.integer({ min: now, max: now + 48 * anHour }),
  });
  fc.assert(
    fc.property(part, ({ shape, runs, previous, at, ...rest }) => {
      const facts = taskFacts({ ...shape, ...runs, ...rest });
      const status = taskStatus(facts, previous, at);
      expect(taskStatus(facts, status, at)).toEqual(status);
    }),
  );
});
