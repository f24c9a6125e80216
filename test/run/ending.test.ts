import { describe, expect, test } from 'vitest';
import { endedByFailure, endedEarly, withWarningsOf } from '../../src/run/ending.ts';

const links = { reason: 'symlink', count: 2, names: ['a', 'b'] } as const;
const fewer = { reason: 'symlink', count: 1, names: ['a'] } as const;
const sentence = '2 symbolic links left out (a, b); at the source, followSymlinks: true copies what they point to';

describe('what only the rehearsal saw', () => {
  const rehearsal = { ...endedEarly('SucceededWithWarnings', ''), lastError: null, warningDetails: [links] };
  const plain = { ...endedEarly('Succeeded', ''), lastError: null };

  test('is a warning of the run', () => {
    expect(withWarningsOf(rehearsal, plain)).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [sentence],
      warningDetails: [links],
    });
  });

  test('takes the place of the part that the run saw', () => {
    const part = '1 symbolic link left out (a); at the source, followSymlinks: true copies what it points to';
    const run = {
      ...plain,
      outcome: 'SucceededWithWarnings',
      warnings: [part, 'other'],
      warningDetails: [fewer],
    } as const;
    expect(withWarningsOf(rehearsal, run)).toMatchObject({ warnings: [sentence, 'other'], warningDetails: [links] });
    expect(withWarningsOf(rehearsal, { ...run, warnings: [sentence], warningDetails: [links] }).warnings).toEqual([
      sentence,
    ]);
  });

  test('changes no failure', () => {
    expect(withWarningsOf(rehearsal, endedEarly('Failed', 'no'))).toMatchObject({ outcome: 'Failed', lastError: 'no' });
    expect(withWarningsOf(plain, plain)).toBe(plain);
  });
});

test('a failure of rclone ends a run as it would have ended the transfer', () => {
  expect(endedByFailure({ message: 'no', retryable: true })).toMatchObject({ outcome: 'Failed', retryable: true });
  expect(endedByFailure({ message: 'no', retryable: false, expired: true })).toMatchObject({
    outcome: 'AuthExpired',
    retryable: false,
    lastError: 'no',
  });
});
