import { describe, expect, test } from 'vitest';
import { warningReasons } from '../../src/model/warning.ts';
import { type Evidence, emptyEvidence } from '../../src/rclone/evidence.ts';
import type { RcloneStats } from '../../src/rclone/log-line.ts';
import { classify } from '../../src/rclone/outcome.ts';
import type { RcloneExit } from '../../src/rclone/process.ts';

function exited(exitCode: number | null, part: Partial<RcloneExit> = {}): RcloneExit {
  return { exitCode, signal: null, spawnError: null, stdout: '', ...part };
}

function stats(part: Partial<RcloneStats> = {}): RcloneStats {
  return {
    ...{ bytes: 0, totalBytes: 0, transfers: 0, totalTransfers: 0, checks: 0, deletes: 0, errors: 0, renames: 0 },
    ...{ speed: 0, etaSeconds: null, fatalError: false, retryError: false, lastError: null },
    ...part,
  };
}

function failed(...paths: readonly string[]) {
  return paths.map((path) => ({ path, reason: 'no' }));
}

function judge(exit: RcloneExit, evidence: Partial<Evidence> = {}) {
  return classify(exit, { ...emptyEvidence, ...evidence });
}

describe('success', () => {
  test('is exit code 0', () => {
    expect(judge(exited(0), { stats: stats() })).toEqual({
      outcome: 'Succeeded',
      retryable: false,
      lastError: null,
      warnings: [],
      warningDetails: [],
    });
  });

  test('comes with warnings where something was left out', () => {
    const remarks = {
      symlink: { count: 1, names: ['link'] },
      special: { count: 2, names: ['pipe', 'socket'] },
      undecryptable: { count: 12, names: ['a', 'b'] },
      sourceDuplicate: { count: 1, names: ['A'] },
    };
    const { outcome, lastError, warnings, warningDetails } = judge(exited(0), { remarks });
    expect([outcome, lastError]).toEqual(['SucceededWithWarnings', null]);
    expect(warnings).toEqual([
      '12 names could not be decrypted (a, b and 10 more); is the encryption password right?',
      '1 name left out at the source, as another one is the same name at the destination (A); rename one of each pair',
      '1 symbolic link left out (link); at the source, followSymlinks: true copies what it points to',
      '2 special files left out, such as a socket, a pipe or a device (pipe, socket)',
    ]);
    expect(warningDetails).toContainEqual({ reason: 'undecryptable', count: 12, names: ['a', 'b'] });
  });

  test.each(warningReasons)('is never without a warning where something is of the kind %s', (reason) => {
    const { outcome, warnings } = judge(exited(0), { remarks: { [reason]: { count: 2, names: ['x', 'y'] } } });
    expect([outcome, warnings.length]).toEqual(['SucceededWithWarnings', 1]);
    expect(warnings[0]).toContain('(x, y)');
  });

  test('is in doubt where rclone counted errors', () => {
    const { outcome, warnings } = judge(exited(0), { stats: stats({ errors: 2 }) });
    expect([outcome, warnings]).toEqual(['SucceededWithWarnings', ['rclone counted 2 errors and reported success']]);
  });
});

describe('the outcome', () => {
  test.each<[string, RcloneExit, Partial<Evidence>, string]>([
    ['usage before 1.69, usage after it', exited(1), {}, 'Failed'],
    ['and the other way round', exited(2), {}, 'Failed'],
    ['max-transfer', exited(8), {}, 'LimitReached'],
    ['max-duration', exited(10), {}, 'LimitReached'],
    ['max-duration of 1.60', exited(7), { words: ['max transfer duration reached as set by'] }, 'LimitReached'],
    ['a handled SIGTERM', exited(143), {}, 'Aborted'],
    ['a handled SIGINT', exited(130), {}, 'Aborted'],
    ['a plain SIGTERM', exited(null, { signal: 'SIGTERM' }), {}, 'Aborted'],
    ['SIGKILL', exited(null, { signal: 'SIGKILL' }), {}, 'Failed'],
    ['an expired token', exited(1), { words: ["couldn't fetch token: invalid_grant"] }, 'AuthExpired'],
    ['an expired session', exited(1), { stats: stats({ lastError: 'ExpiredToken: gone' }) }, 'AuthExpired'],
    ['no such binary', exited(null, { spawnError: 'rclone was not found' }), {}, 'Failed'],
  ])('%s', (_name, exit, evidence, outcome) => {
    expect(judge(exit, evidence).outcome).toBe(outcome);
  });
});

describe('trying again', () => {
  const refused = { words: ['dial tcp 127.0.0.1:9: connect: connection refused'] };
  const unanswered = { words: ['Failed to create file system for "far:photos/x": is a file not a directory'] };
  const inTheWay = { words: ['Failed to create file system for "/mnt/x": is a file not a directory'] };

  test.each<[string, RcloneExit, Partial<Evidence>, boolean]>([
    ['helps where rclone says so', exited(1), { stats: stats({ retryError: true }) }, true],
    ['helps for exit code 5', exited(5), { stats: stats() }, true],
    ['helps where the server could not be reached at the start', exited(1), refused, true],
    ['helps where S3 was told nothing', exited(1), unanswered, true],
    ['does not help against a local file in the way', exited(1), inTheWay, false],
    ['helps after SIGKILL', exited(null, { signal: 'SIGKILL' }), {}, true],
    ['helps after SIGKILL that a wrapper reports', exited(137), {}, true],
    ['does not help where rclone says nothing', exited(1), {}, false],
    ['helps against the network whatever rclone says', exited(1), { ...refused, stats: stats() }, true],
    ['does not help against a fatal error', exited(1), { stats: stats({ retryError: true, fatalError: true }) }, false],
    ['does not help against a missing directory', exited(3), { stats: stats({ retryError: true }) }, false],
    ['does not help against exit code 6', exited(6), { stats: stats() }, false],
    ['helps for exit code 6 where rclone says so', exited(6), { stats: stats({ retryError: true }) }, true],
    [
      'does not help against a wrong password',
      exited(1),
      { words: ['x: 401 Unauthorized'], stats: stats({ retryError: true }) },
      false,
    ],
    [
      'does not help against a wrong key',
      exited(1),
      { words: ['SignatureDoesNotMatch: x'], stats: stats({ retryError: true }) },
      false,
    ],
    ['does not help against exit code 7', exited(7), { stats: stats({ retryError: true }) }, false],
    ['does not help after a stop', exited(143), {}, false],
    ['does not help without a binary', exited(null, { spawnError: 'no' }), {}, false],
    ['does not help at a limit', exited(8), { stats: stats({ retryError: true }) }, false],
  ])('%s', (_name, exit, evidence, retryable) => {
    expect(judge(exit, evidence).retryable).toBe(retryable);
  });
});

describe('the last error', () => {
  test.each<[string, RcloneExit, Partial<Evidence>, string]>([
    [
      'the first file',
      exited(1),
      { failures: failed('a', 'b'), fatal: 'no', stats: stats({ errors: 3 }) },
      'a: no (and 2 more errors: b)',
    ],
    ['the only file', exited(1), { failures: failed('a'), fatal: 'no', stats: stats({ errors: 1 }) }, 'a: no'],
    [
      'the only file of a sync that therefore deletes nothing',
      exited(1),
      { failures: failed('a'), stats: stats({ errors: 2, lastError: 'not deleting files as there were IO errors' }) },
      'a: no',
    ],
    ['what rclone gave up with', exited(1), { fatal: 'no' }, 'no'],
    [
      'the totals',
      exited(1),
      { stats: stats({ lastError: 'dial tcp 1.2.3.4:5: i/o timeout' }) },
      'could not connect to 1.2.3.4:5 (timed out)',
    ],
    ['nothing', exited(1), { stats: stats() }, 'rclone ended with exit code 1 and gave no reason'],
    ['no words at all', exited(4), {}, 'rclone ended with exit code 4 and gave no reason'],
    ['a binary that is not there', exited(null, { spawnError: 'not found' }), {}, 'not found'],
    ['a stop', exited(null, { signal: 'SIGTERM' }), {}, 'rclone was stopped by SIGTERM'],
    ['a stop it handled', exited(143), {}, 'rclone was stopped by SIGTERM'],
    ['an interrupt', exited(130), {}, 'rclone was stopped by SIGINT'],
    ['a hang-up', exited(129), {}, 'rclone was stopped by SIGHUP'],
    ['SIGKILL', exited(null, { signal: 'SIGKILL' }), {}, 'rclone was killed by SIGKILL; the machine may lack memory'],
    ['SIGKILL that a wrapper reports', exited(137), {}, 'rclone was killed by SIGKILL; the machine may lack memory'],
    [
      'max-transfer',
      exited(8),
      {},
      'the limit on transferred data (max-transfer) was reached; the rest was not transferred',
    ],
    [
      'max-duration',
      exited(10),
      {},
      'the limit on the duration (max-duration) was reached; the rest was not transferred',
    ],
    [
      'error-on-no-transfer',
      exited(9),
      {},
      'there was nothing to transfer, and the task asks to fail then (error-on-no-transfer)',
    ],
    [
      'max-delete',
      exited(7),
      { words: ['Got fatal error on delete: --max-delete threshold reached'], fatal: 'failed to delete 1 files' },
      'more files would be deleted than the task allows (--max-delete threshold reached)',
    ],
  ])('%s', (_name, exit, evidence, sentence) => {
    expect(judge(exit, evidence).lastError).toBe(sentence);
  });
});
