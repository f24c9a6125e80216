import { describe, expect, test } from 'vitest';
import { guardPrune, type PruneInput, pruneHash } from '../../src/plan/prune-guard.ts';

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `task-${index}`);
}

function guard(part: Partial<PruneInput>): string | null {
  const base = {
    names: names(1),
    activeCount: 1,
    desired: { files: 3, allowEmpty: false },
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
    expect(guard({ desired: { files: 0, allowEmpty: false } })).toBe('SourceEmpty');
    expect(guard({ desired: { files: 0, allowEmpty: true }, names: names(50), activeCount: 50 })).toBeNull();
    expect(guard({ desired: { files: 1, allowEmpty: true }, names: names(50), activeCount: 50 })).toBe(
      'TooManyDeletes',
    );
  });

  test('nothing to delete, nothing to refuse', () => {
    expect(
      guard({ names: [], activeCount: 9, desired: { files: 0, allowEmpty: false }, unreadable: ['a.yaml'] }),
    ).toBeNull();
  });

  test('approval is for these deletes and no others', () => {
    const hash = pruneHash(names(20));
    const many = { names: names(20), activeCount: 20 };
    const digits = hash.slice(7);
    for (const approvedPrune of [hash, digits, digits.slice(0, 12), digits.slice(0, 8).toUpperCase()]) {
      expect(guard({ ...many, approvedPrune })).toBeNull();
      expect(guard({ ...many, desired: { files: 0, allowEmpty: false }, approvedPrune })).toBeNull();
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
    const many = { desired: { files: 3, allowEmpty: false }, unreadable: [], approvedPrune: null };
    expect(guardPrune({ ...many, names: names(18), activeCount: 40 })?.message).toBe(
      'Nothing is deleted: 18 of 40 active tasks have no manifest any more, and at most 12 are deleted at once. ' +
        `If that is meant, run: cloudsync approve-prune ${pruneHash(names(18)).slice(7, 19)}`,
    );
    const empty = { ...many, desired: { files: 0, allowEmpty: false } };
    expect(guardPrune({ ...empty, names: names(1), activeCount: 1 })?.message).toContain('and 1 task is active');
    expect(guardPrune({ ...empty, names: names(2), activeCount: 2 })?.message).toContain('and 2 tasks are active');
    expect(guardPrune({ ...many, names: names(1), activeCount: 2, unreadable: ['b.yaml'] })?.message).toContain(
      'in b.yaml,',
    );
  });
});
