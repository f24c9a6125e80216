import { describe, expect, test } from 'vitest';
import { runId } from '../../src/run/run-id.ts';

const at = Date.UTC(2026, 1, 3, 4, 5, 6, 789);

describe('runId', () => {
  test('of a scheduled run follows from the task and the time', () => {
    expect(runId('photos', at, true)).toBe('photos-20260203t040506z');
    expect(runId('photos', at, true)).toBe(runId('photos', at, true));
  });

  test('of a run by hand has a random end', () => {
    expect(runId('photos', at, false)).toMatch(/^photos-20260203t040506z-[0-9a-f]{6}$/);
    const ids = new Set(Array.from({ length: 20 }, () => runId('photos', at, false)));
    expect(ids.size).toBe(20);
  });
});
