import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { fieldDiff } from '../../src/plan/field-diff.ts';
import { credentialSpec, remoteLocation, resolvedTask, schedule, taskSpec } from '../helper/build.ts';

function task(part: Partial<TaskSpec>): ResolvedTask {
  return resolvedTask('photos', { spec: taskSpec(part) });
}

function changes(before: Partial<TaskSpec>, after: Partial<TaskSpec>): readonly unknown[] {
  return fieldDiff(task(before), task(after)).map((change) => [change.path, change.before, change.after]);
}

describe('fieldDiff', () => {
  test('nothing differs', () => {
    expect(changes({}, {})).toEqual([]);
  });

  test.each<[Partial<TaskSpec>, Partial<TaskSpec>, readonly unknown[]]>([
    [{}, { transferMode: 'SYNC' }, ['spec.transferMode', 'COPY', 'SYNC']],
    [{}, { remote: remoteLocation({ folder: 'b' }) }, ['spec.remote.folder', 'photos', 'b']],
    [{ paths: ['/a'] }, { paths: ['/a', '/b'] }, ['spec.path', '/a', ['/a', '/b']]],
    [{}, { exclude: ['*.tmp'] }, ['spec.exclude', [], ['*.tmp']]],
    [
      {},
      { schedule: null },
      ['spec.schedule', expect.objectContaining({ cron: '0 2 * * *', deadline: '6h', jitter: '0s' }), null],
    ],
    [
      { verify: { schedule: schedule(), sample: 0 } },
      { verify: { schedule: schedule({ cron: '0 6 * * 0' }), sample: 0 } },
      ['spec.verify.schedule.cron', '0 2 * * *', '0 6 * * 0'],
    ],
    [{}, { schedule: schedule({ jitterMs: 90_000 }) }, ['spec.schedule.jitter', '0s', '90s']],
    [{ timeoutMs: null }, { timeoutMs: 7 * 86_400_000 }, ['spec.timeout', null, '7d']],
    [{ timeoutMs: 1500 }, { timeoutMs: 600_000 }, ['spec.timeout', '1500ms', '10m']],
    [{}, { uploadChunkSizeBytes: 96 * 1024 ** 2 }, ['spec.uploadChunkSize', null, '96M']],
    [{ uploadChunkSizeBytes: 0 }, { uploadChunkSizeBytes: 1025 }, ['spec.uploadChunkSize', '0b', '1025b']],
    [{}, { retry: { limit: 3, backoffMs: 60_000 } }, ['spec.retry.backoff', '30s', '1m']],
    [{}, { rcloneFlags: { checkers: 16 } }, ['spec.rcloneFlags.checkers', null, 16]],
    [
      { encryption: null },
      { encryption: { password: { fromEnv: 'A' }, salt: { fromFile: '/s' }, filenames: true } },
      ['spec.encryption', null, { password: { fromEnv: 'A' }, salt: { fromFile: '/s' }, filenames: true }],
    ],
    [
      { encryption: { password: { fromEnv: 'A' }, salt: null, filenames: true } },
      { encryption: { password: { fromFile: '/a' }, salt: null, filenames: true } },
      ['spec.encryption.password', { fromEnv: 'A' }, { fromFile: '/a' }],
    ],
  ])('%#', (before, after, change) => {
    expect(changes(before, after)).toEqual([change]);
  });

  test('limits read as they are written', () => {
    const { safety } = taskSpec();
    expect(changes({}, { safety: { ...safety, maxDelete: { kind: 'count', count: 7 } } })).toEqual([
      ['spec.safety.maxDelete', '50%', 7],
    ]);
    const slots = [
      { weekday: null, time: '08:00', limit: { up: 512 * 1024, down: 512 * 1024 } },
      { weekday: 'mon' as const, time: '12:00', limit: { up: 10 * 1024 ** 2, down: null } },
    ];
    expect(changes({}, { bandwidthLimit: slots })).toEqual([
      ['spec.bandwidthLimit', [], ['08:00,512k', 'mon-12:00,10M:off']],
    ]);
    const constant = [{ weekday: null, time: null, limit: { up: 1024 ** 3, down: 1024 ** 3 } }];
    expect(changes({}, { bandwidthLimit: constant })).toEqual([['spec.bandwidthLimit', [], ['1G']]]);
  });

  test('labels and the credential; ciphertext shows only that it changed', () => {
    const before = resolvedTask('photos', {
      credential: credentialSpec({ options: { key: { age: 'AGE-A' }, root: '/a' } }),
    });
    const after = resolvedTask('photos', {
      labels: { team: 'media' },
      credential: credentialSpec({ options: { key: { age: 'AGE-B' }, root: '/a' } }),
    });
    const difference = fieldDiff(before, after);
    expect(difference.map(({ path }) => path)).toEqual(['credential.options.key', 'metadata.labels.team']);
    expect(JSON.stringify(difference)).not.toContain('AGE-');
    expect(difference[0]?.before).toEqual({ age: expect.stringMatching(/^…[0-9a-f]{8}$/) });
    expect(fieldDiff(before, resolvedTask('photos', { credential: null })).map(({ path }) => path)).toEqual([
      'credential',
    ]);
  });

  test('scripts of several lines are compared by line', () => {
    const [change] = fieldDiff(
      task({ preScript: 'set -e\none\ntwo\nthree\nfour\nfive\nsix\nseven\n' }),
      task({ preScript: 'set -e\nONE\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n' }),
    );
    expect(change?.lines).toEqual([...[' set -e', '-one', '+ONE', ' two', ' three', '…', ' six', ' seven', '+eight']]);
    expect(fieldDiff(task({ preScript: '' }), task({ preScript: 'a\nb' }))[0]?.lines).toEqual(['+a', '+b']);
    expect(fieldDiff(task({ preScript: 'a' }), task({ preScript: 'b' }))[0]?.lines).toBeNull();
    expect(fieldDiff(task({ preScript: 'a\nb' }), task({ preScript: 'a' }))[0]?.lines).toEqual(['-a', '-b', '+a']);
  });

  test('texts that share nothing are not searched for what they share', () => {
    const lines = (word: string) => Array.from({ length: 2000 }, (_, index) => `${word} ${index}`).join('\n');
    const [change] = fieldDiff(task({ preScript: lines('a') }), task({ preScript: `${lines('b')}\n` }));
    expect(change?.lines).toEqual(['- (2000 lines)', '+ (2000 lines)']);
  });
});
