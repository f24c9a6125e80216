import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../src/model/task.ts';
import { fieldDiff } from '../../src/plan/field-diff.ts';
import { limitEffects } from '../../src/plan/limit-effects.ts';
import { resolvedTask, taskSpec } from '../helper/build.ts';

function effects(before: Partial<TaskSpec> | null, after: Partial<TaskSpec>): readonly string[] {
  const old = before === null ? null : resolvedTask('photos', { spec: taskSpec(before) });
  return limitEffects(old, resolvedTask('photos', { spec: taskSpec(after) })).map(
    ({ code, danger, message }) => `${code}${danger ? '!' : ''} ${message}`,
  );
}

const young = 'files modified less than 15m ago are left alone until they are older';
const old = 'files modified more than 30d ago are left alone, also those that no run has sent before';
const all = { minAgeMs: 900_000, maxAgeMs: 30 * 86_400_000, minSizeBytes: 1024, maxSizeBytes: 4 * 1024 ** 3 };

describe('limits for age and size', () => {
  test('of a new task', () => {
    expect(effects(null, {})).toEqual([]);
    expect(effects(null, all)).toEqual([
      `FiltersChanged ${young}; ${old}; files smaller than 1k are left alone; files larger than 4G are left alone`,
    ]);
  });

  test('that are new, changed, and gone', () => {
    expect(effects({}, { minAgeMs: 900_000 })).toEqual([`FiltersChanged ${young}`]);
    expect(effects({ minAgeMs: 60_000 }, { minAgeMs: 900_000 })).toEqual([`FiltersChanged ${young}`]);
    expect(effects(all, {})).toEqual(['FiltersChanged files of any age and size are taken now']);
    expect(effects(all, all)).toEqual([]);
  });

  test('are a danger where files leave their source', () => {
    const move = { transferMode: 'MOVE' } as const;
    expect(effects({ ...move, minAgeMs: 900_000 }, move)).toEqual([
      'FiltersChanged! files of any age and size are taken now: files leave /data/photos after they are copied to /remote/photos',
    ]);
  });

  test('an active set of an earlier version knows none', () => {
    const { minAgeMs: _a, maxAgeMs: _b, minSizeBytes: _c, maxSizeBytes: _d, ...earlier } = taskSpec();
    const before = resolvedTask('photos', { spec: earlier as TaskSpec });
    expect(limitEffects(before, resolvedTask())).toEqual([]);
    expect(fieldDiff(before, resolvedTask())).toEqual([]);
  });
});
