import { describe, expect, test } from 'vitest';
import type { Desired } from '../../src/model/desired.ts';
import {
  guardPrune,
  isApprovalCurrent,
  keptSchedule,
  type PruneInput,
  pruneHash,
  refusedPrunes,
} from '../../src/plan/prune-guard.ts';
import { activeTask, desired, resolvedTask } from '../helper/build.ts';
import { invalidManifest, invalidSet, planOf } from './plan-input.ts';

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `task-${index}`);
}

function files(count: number, allowEmpty = false): Desired {
  return desired([resolvedTask()], { files: count, allowEmpty });
}

function guard(part: Partial<PruneInput>): string | null {
  const base: PruneInput = {
    prune: 'guarded',
    names: names(1),
    activeCount: 1,
    desired: files(3),
    unreadable: [],
    approvedPrune: null,
  };
  return guardPrune({ ...base, ...part })?.reason ?? null;
}

describe('guardPrune', () => {
  test.each([
    [5, 5, null],
    [5, 100, null],
    [6, 6, 'TooManyDeletes'],
    [6, 20, null],
    [6, 19, 'TooManyDeletes'],
    [30, 100, null],
    [31, 100, 'TooManyDeletes'],
    [3000, 10_000, null],
    [3001, 10_000, 'TooManyDeletes'],
  ])('%d deletes of %d active tasks: %s', (count, activeCount, reason) => {
    expect(guard({ names: names(count), activeCount })).toBe(reason);
  });

  test('an empty directory deletes nothing unless it says so', () => {
    expect(guard({ desired: files(0) })).toBe('SourceEmpty');
    expect(guard({ desired: files(0, true), names: names(50), activeCount: 50 })).toBeNull();
    expect(guard({ desired: files(1, true), names: names(50), activeCount: 50 })).toBe('TooManyDeletes');
  });

  test('nothing to delete, nothing to refuse', () => {
    expect(guard({ names: [], activeCount: 9, desired: files(0), unreadable: ['a.yaml'] })).toBeNull();
  });

  test('approval is for these deletes and no others', () => {
    const hash = pruneHash(names(20));
    const many = { names: names(20), activeCount: 20 };
    const digits = hash.slice(7);
    for (const approvedPrune of [hash, digits, digits.slice(0, 12), digits.slice(0, 8).toUpperCase()]) {
      expect(guard({ ...many, approvedPrune })).toBeNull();
      expect(guard({ ...many, desired: files(0), approvedPrune })).toBeNull();
      expect(guard({ names: names(21), activeCount: 21, approvedPrune })).toBe('TooManyDeletes');
    }
    for (const approvedPrune of ['', digits.slice(0, 7), `${digits}0`, 'sha256:', digits.slice(1, 13)]) {
      expect(guard({ ...many, approvedPrune })).toBe('TooManyDeletes');
    }
  });

  test('the hash does not depend on the order', () => {
    expect(pruneHash(['b', 'a'])).toBe(pruneHash(['a', 'b']));
    expect(pruneHash(['a', 'b'])).not.toBe(pruneHash(['ab']));
  });

  test('the message has the numbers and the command to run', () => {
    const many = { desired: files(3), unreadable: [], approvedPrune: null, prune: 'guarded' as const };
    expect(guardPrune({ ...many, names: names(18), activeCount: 40 })?.message).toBe(
      'Nothing is deleted: 18 of 40 active tasks have no manifest any more, and at most 12 are deleted at once. ' +
        `If that is meant, run: cloudsync approve-prune ${pruneHash(names(18)).slice(7, 19)}`,
    );
    const empty = { ...many, desired: files(0) };
    expect(guardPrune({ ...empty, names: names(1), activeCount: 1 })?.message).toContain('and 1 task is active');
    expect(guardPrune({ ...empty, names: names(2), activeCount: 2 })?.message).toContain('and 2 tasks are active');
    expect(guardPrune({ ...many, names: names(1), activeCount: 2, unreadable: ['b.yaml'] })?.message).toContain(
      'in b.yaml,',
    );
  });
});

describe('with --prune always', () => {
  test('there may be any number, but not while a manifest cannot be read', () => {
    const all = { names: names(20), activeCount: 20, prune: 'always' as const };
    expect(guard({ ...all, desired: files(0) })).toBeNull();
    expect(guard({ ...all, unreadable: ['a.yaml'] })).toBe('InvalidManifest');
  });
});

test('a host that selects nothing any more deletes nothing', () => {
  const none = desired([], { files: 3, unselected: new Map([['photos.yaml', 'photos']]) });
  expect(guard({ desired: none })).toBe('NotSelected');
  expect(guard({ desired: none, approvedPrune: pruneHash(names(1)) })).toBeNull();
  expect(guard({ desired: { ...none, tasks: desired([resolvedTask()]).tasks } })).toBeNull();
});

describe('keptSchedule', () => {
  const annotations = { 'cloudsync/prune': 'disabled' };

  test('by the annotation, until just that is approved', () => {
    const kept = keptSchedule({ name: 'photos', annotations }, { prune: 'guarded', approvedPrune: null });
    const hash = pruneHash(['photos']).slice(7, 19);
    expect(kept).toBe(
      'its manifest is gone; the annotation cloudsync/prune: disabled keeps the schedule. To end it, run: ' +
        `cloudsync approve-prune ${hash}`,
    );
    expect(keptSchedule({ name: 'photos', annotations }, { prune: 'always', approvedPrune: hash })).toBeNull();
    expect(keptSchedule({ name: 'photos', annotations: {} }, { prune: 'always', approvedPrune: null })).toBeNull();
  });

  test('by --prune never, whatever is approved', () => {
    const approvedPrune = pruneHash(['photos']);
    expect(keptSchedule({ name: 'photos', annotations: {} }, { prune: 'never', approvedPrune })).toContain(
      '--prune never',
    );
  });
});

describe('approvals', () => {
  const active = Array.from({ length: 8 }, (_, index) => activeTask(`task-${index}`));
  const hashOfAll = pruneHash(active.map(({ name }) => name));
  const kept = activeTask('kept', { annotations: { 'cloudsync/prune': 'disabled' } });

  test('a plan names each set of deletes that waits for one', () => {
    const { changes } = planOf(desired([]), [...active, kept]);
    expect(refusedPrunes(changes)).toEqual([
      { hash: hashOfAll, names: active.map(({ name }) => name) },
      { hash: pruneHash(['kept']), names: ['kept'] },
    ]);
    expect(refusedPrunes(planOf(desired([resolvedTask('kept')]), [kept]).changes)).toEqual([]);
  });

  test('one is current while its deletes are refused, or done because of it', () => {
    const refused = planOf(desired([]), active).changes;
    expect(isApprovalCurrent(hashOfAll, refused)).toBe(true);
    expect(isApprovalCurrent(pruneHash(['task-0']), refused)).toBe(false);
    const done = planOf(desired([]), active, { approvedPrune: hashOfAll }).changes;
    expect(done.every(({ action }) => action === 'delete')).toBe(true);
    expect(isApprovalCurrent(hashOfAll, done)).toBe(true);
    expect(isApprovalCurrent(pruneHash(['kept']), planOf(desired([]), [kept]).changes)).toBe(true);
  });

  test('one lapses when its tasks have manifests again, or other tasks are gone', () => {
    const back = active.map(({ name }) => resolvedTask(name));
    expect(isApprovalCurrent(hashOfAll, planOf(desired(back), active).changes)).toBe(false);
    expect(isApprovalCurrent(hashOfAll, planOf(desired([]), active.slice(1)).changes)).toBe(false);
  });

  test('one is not judged by a revision that is refused as a whole', () => {
    const invalid = invalidSet([invalidManifest('broken.yaml')]);
    const { changes } = planOf(desired([resolvedTask('new')], { invalid }), [], { strict: true });
    expect(isApprovalCurrent(hashOfAll, changes)).toBe(true);
  });
});
