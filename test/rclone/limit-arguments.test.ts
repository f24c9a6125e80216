import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../src/model/task.ts';
import { transferArguments } from '../../src/rclone/arguments.ts';
import { hasLimits, limitArguments, limitsOf, noLimits } from '../../src/rclone/limit-arguments.ts';
import { transfer } from './real-rclone.ts';

const limits = { minAgeMs: 900_000, maxAgeMs: 2_592_000_000, minSizeBytes: 1, maxSizeBytes: 4 * 1024 ** 3 };
const sides = { source: '/a', destination: 'remote:b' };

test('each limit is one flag, in seconds and bytes', () => {
  expect(limitArguments(limits).join(' ')).toBe(
    '--min-age 900s --max-age 2592000s --min-size 1b --max-size 4294967296b',
  );
  expect(limitArguments(noLimits)).toEqual([]);
});

test('a spec of an earlier version has none', () => {
  const earlier: unknown = {};
  expect(limitsOf(earlier as TaskSpec)).toEqual(noLimits);
  expect(hasLimits(noLimits)).toBe(false);
  expect(hasLimits(limitsOf({ maxSizeBytes: 1 }))).toBe(true);
});

describe('in a transfer', () => {
  test.each(['copy', 'move'] as const)('a %s lists the destination in full', (operation) => {
    const given = transferArguments(transfer({ ...sides, operation, limits }));
    expect(given).toEqual(expect.arrayContaining([...limitArguments(limits), '--delete-excluded']));
    expect(transferArguments(transfer({ ...sides, operation }))).not.toContain('--delete-excluded');
  });

  test('a sync has none, because it would delete what they leave out', () => {
    const plain = transferArguments(transfer({ ...sides, operation: 'sync' }));
    expect(transferArguments(transfer({ ...sides, operation: 'sync', limits }))).toEqual(plain);
  });
});
