import { expect, test } from 'vitest';
import type { TaskSpec } from '../../src/model/task.ts';
import { applyPlan } from '../../src/plan/apply-plan.ts';
import { activeTask, desired, resolvedTask, schedule, taskSpec } from '../helper/build.ts';
import { activeSet, invalidManifest, invalidSet, planOf } from './plan-input.ts';

const at = { now: 1000, revision: 'abc' };

test('a new task begins with generation 1, a changed one counts up', () => {
  const active = [activeTask('old', { generation: 4 })];
  const wanted = desired([resolvedTask('old', { spec: taskSpec({ transferMode: 'MOVE' }) }), resolvedTask('new')]);
  const { writes, removes } = applyPlan(planOf(wanted, active), activeSet(active), at);
  expect(
    writes.map(({ name, generation, revision, appliedAt }) => ({ name, generation, revision, appliedAt })),
  ).toEqual([
    { name: 'new', generation: 1, revision: 'abc', appliedAt: 1000 },
    { name: 'old', generation: 5, revision: 'abc', appliedAt: 1000 },
  ]);
  expect(removes).toEqual([]);
});

test('a task that moved stays the same generation, applied when it was', () => {
  const active = [activeTask('photos', { generation: 4, revision: 'old', appliedAt: 7 })];
  const wanted = desired([resolvedTask('photos', { path: 'home/photos.yaml' })]);
  const { writes } = applyPlan(planOf(wanted, active), activeSet(active), at);
  expect(writes).toEqual([{ ...active[0], path: 'home/photos.yaml' }]);
});

test('only other times, or being enabled again, make the schedule start anew', () => {
  const before = activeTask('photos', { scheduledSince: 7 });
  const since = (spec: TaskSpec) => {
    const wanted = desired([resolvedTask('photos', { spec })]);
    return applyPlan(planOf(wanted, [before]), activeSet([before]), at).writes[0]?.scheduledSince;
  };
  expect(since({ ...before.spec, description: 'another' })).toBe(7);
  expect(since({ ...before.spec, enabled: false })).toBe(1000);
  expect(since({ ...before.spec, schedule: schedule({ cron: '0 3 * * *' }) })).toBe(1000);
  expect(since({ ...before.spec, schedule: null })).toBe(1000);
});

test('deletes are named; what is unchanged, invalid or blocked is left alone', () => {
  const active = [activeTask('gone'), activeTask('same'), activeTask('broken')];
  const invalid = invalidSet([invalidManifest('broken.yaml')]);
  const plan = planOf(desired([resolvedTask('same')], { invalid, files: 2 }), active);
  expect(applyPlan(plan, activeSet(active), at)).toEqual({ writes: [], removes: ['gone'] });

  const blocked = planOf(desired([]), active);
  expect(blocked.summary.blocked).toBe(3);
  expect(applyPlan(blocked, activeSet(active), at)).toEqual({ writes: [], removes: [] });
});
