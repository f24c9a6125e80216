import { describe, expect, test } from 'vitest';
import { addEvidence, type Evidence, emptyEvidence } from '../../src/rclone/evidence.ts';
import { parseLogLine } from '../../src/rclone/log-line.ts';

function collect(lines: readonly (string | Readonly<Record<string, unknown>>)[]): Evidence {
  return lines
    .map((line) => parseLogLine(typeof line === 'string' ? line : JSON.stringify({ level: 'error', ...line })))
    .reduce(addEvidence, emptyEvidence);
}

describe('evidence', () => {
  test('keeps the totals that came last', () => {
    expect(collect([{ stats: { bytes: 1 } }, { stats: { bytes: 2 } }]).stats?.bytes).toBe(2);
  });

  test('keeps the first ten files that failed, each once', () => {
    const lines = [...'aabcdefghijkl'].map((object) => ({ msg: 'Failed to copy: no', object }));
    expect(collect(lines).failures).toEqual([...'abcdefghij'].map((path) => ({ path, reason: 'no' })));
  });

  test('keeps the last reason that is about no file', () => {
    expect(collect(['2026/11/22 13:01:17 Failed to sync with 2 errors: last error was: no']).fatal).toBe('no');
  });

  test('takes an empty name for the remote as a whole', () => {
    expect(collect([{ msg: 'error listing: no', object: '' }])).toMatchObject({ root: 'no', failures: [] });
  });

  test('starts again with the next attempt, whose failures are the ones that count', () => {
    const before = [
      { msg: 'Failed to copy: no', object: 'a' },
      { level: 'warning', msg: "Can't follow symlink without -L/--copy-links", object: 'b' },
      { stats: { errors: 1 } },
    ];
    expect(collect([...before, { msg: 'Attempt 1/2 failed with 1 errors and: no' }])).toMatchObject({
      failures: [],
      remarks: {},
      stats: { errors: 1 },
    });
    expect(collect([...before, { msg: 'Attempt 2/2 failed with 1 errors and: no' }])).toMatchObject({
      failures: [{ path: 'a', reason: 'no' }],
      remarks: { symlink: { count: 1, names: ['b'] }, notSent: { count: 1, names: ['a'] } },
    });
  });

  test.each([
    'Attempt 2/2 succeeded',
    "Can't retry any of the errors - not attempting retries",
    'Fatal error received - not attempting retries',
    'not deleting files as there were IO errors',
    'Cancelling sync due to fatal error: no',
  ])('takes no aside for a failure: %s', (msg) => {
    expect(collect([{ msg }, { msg, object: 'all of it', objectType: '*local.Fs' }])).toEqual(emptyEvidence);
  });

  test.each([
    ["Can't follow symlink without -L/--copy-links", 'symlink'],
    ["Can't transfer non file/directory", 'special'],
    ['Skipping undecryptable file name: illegal base32', 'undecryptable'],
    ['Duplicate object found in source - ignoring', 'sourceDuplicate'],
    ['Duplicate directory found in destination - ignoring', 'destinationDuplicate'],
    [`Entry doesn't belong in directory "in" (contains subdir) - ignoring`, 'misplaced'],
    ['something that nobody has seen yet', 'other'],
  ])('counts what was left out: %s', (msg, reason) => {
    const notices = [1, 2].map((object) => ({ level: 'notice', msg, object: String(object) }));
    expect(collect(notices).remarks).toEqual({ [reason]: { count: 2, names: ['1', '2'] } });
  });

  test('lets pass what is neither', () => {
    expect(collect([{ level: 'info', msg: 'There was nothing to transfer' }, 'Usage:'])).toEqual(emptyEvidence);
    expect(collect([{ level: 'info', msg: 'Deleted', object: 'a' }])).toEqual(emptyEvidence);
  });

  test('stays small', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ msg: `no ${index}`, object: `f${index}` }));
    const evidence = collect(many);
    expect([evidence.words.length, evidence.failures.length]).toEqual([20, 10]);
  });
});

test('that a server goes without a check of its key is accepted by the credential, and no warning', () => {
  const text = 'No host key validation is being performed. Set known_hosts_file (to "none" to silence this notice)';
  const line = JSON.stringify({
    level: 'notice',
    msg: text,
    object: 'sftp://u@127.0.0.1:22/far',
    objectType: '*sftp.Fs',
  });
  expect(addEvidence(emptyEvidence, parseLogLine(line))).toEqual(emptyEvidence);
  const plain = JSON.stringify({ level: 'notice', msg: text, object: 'far' });
  expect(addEvidence(emptyEvidence, parseLogLine(plain))).toEqual(emptyEvidence);
});
