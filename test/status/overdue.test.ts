import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graceMs, isOverdue, type OverdueInput } from '../../src/status/overdue.ts';

const due = Date.UTC(2026, 0, 10);
const aDayMs = 24 * 3_600_000;

function input(part: Partial<OverdueInput>): OverdueInput {
  return { dueSinceSuccess: due, runStartedAt: null, timeoutMs: null, now: due + graceMs + 1, ...part };
}

describe('isOverdue', () => {
  const cases: readonly (readonly [string, Partial<OverdueInput>, boolean])[] = [
    ['without a schedule nothing is', { dueSinceSuccess: null }, false],
    ['before the time nothing is', { now: due - 1 }, false],
    ['within the grace nothing is', { now: due + graceMs }, false],
    ['after the grace it is', {}, true],
    ['it stays so for weeks', { now: due + 30 * aDayMs }, true],
    ['a run that began in time holds it back', { runStartedAt: due }, false],
    ['a run that began early does too', { runStartedAt: due - 3_600_000 }, false],
    ['a run that began late does not clear it', { runStartedAt: due + graceMs + 1 }, true],
    ['a run past its timeout does not', { runStartedAt: due, timeoutMs: 60_000, now: due + 2 * graceMs }, true],
    ['a run without a timeout has a day', { runStartedAt: due, now: due + aDayMs }, false],
    ['and no more', { runStartedAt: due, now: due + aDayMs + graceMs + 1 }, true],
  ];

  test.each(cases)('%s', (_title, part, expected) => {
    expect(isOverdue(input(part))).toBe(expected);
  });

  test('once it is so, neither time nor a later run ends it', () => {
    const arbitrary = fc.record({
      now: fc.integer({ min: due, max: due + 10 * aDayMs }),
      laterMs: fc.nat(10 * aDayMs),
      timeoutMs: fc.option(fc.nat(aDayMs)),
      runStartedAt: fc.option(fc.integer({ min: due, max: due + 10 * aDayMs })),
    });
    fc.assert(
      fc.property(arbitrary, ({ now, laterMs, timeoutMs, runStartedAt }) => {
        fc.pre(isOverdue(input({ now, timeoutMs })));
        const started = runStartedAt === null ? null : Math.max(runStartedAt, now);
        expect(isOverdue(input({ now: now + laterMs, timeoutMs, runStartedAt: started }))).toBe(true);
      }),
    );
  });
});
