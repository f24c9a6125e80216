import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/command/exit-code.ts';
import { isSuccess, outcomes } from '../../src/model/run.ts';

test('every outcome has an exit code, and only success has 0', () => {
  const codes = Object.fromEntries(outcomes.map((outcome) => [outcome, exitCodeOf(outcome)]));
  expect(codes).toEqual({
    ...{ Succeeded: 0, SucceededWithWarnings: 0, Failed: 1, Aborted: 1, Interrupted: 1, LimitReached: 1 },
    ...{ AuthExpired: 1, Blocked: 3, Skipped: 75, TimedOut: 124 },
  });
  for (const outcome of outcomes) expect(exitCodeOf(outcome) === 0).toBe(isSuccess(outcome));
});
