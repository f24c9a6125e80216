import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyHistory } from '../../../src/model/history.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import type { Ending } from '../../../src/run/ending.ts';
import { restore } from '../../../src/run/restore/restore.ts';
import { type FailingS3, failingS3 } from '../../clouds/failing-s3.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { realRun, realTools } from '../../run/real-run.ts';

interface Verdict extends Pick<Ending, 'outcome' | 'retryable'> {
  readonly lastError: string;
}

const busy = (status: number): Verdict => ({
  outcome: 'Failed',
  retryable: true,
  lastError: `the server is too busy or out of order for now (status ${status})`,
});
const refusedKey: Verdict = {
  outcome: 'Failed',
  retryable: false,
  lastError: 'the server refused the access key (InvalidAccessKeyId)',
};
const forbidden: Verdict = {
  outcome: 'Failed',
  retryable: false,
  lastError:
    'the server refused access (403 Forbidden); check the key, what it may do, and the names of bucket and folder',
};
const expired: Verdict = {
  outcome: 'AuthExpired',
  retryable: false,
  lastError: 'the login has expired (ExpiredToken); replace the secret that credential here refers to',
};

const errors = [
  [503, 'SlowDown', busy(503)],
  [500, 'InternalError', busy(500)],
  [429, 'TooManyRequests', busy(429)],
  [403, 'InvalidAccessKeyId', refusedKey],
  [403, 'AccessDenied', forbidden],
  [400, 'ExpiredToken', expired],
] as const;

type Phase = 'run' | 'dry run' | 'restore';

const cases = errors.flatMap(([, code, verdict]) =>
  (['SYNC', 'COPY', 'MOVE'] as const).flatMap((transferMode) =>
    (['PUSH', 'PULL'] as const).map((direction) => ({ code, verdict, transferMode, direction })),
  ),
);

let server: FailingS3;
beforeAll(async () => {
  server = await failingS3(errors);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function fail(
  bucket: string,
  phase: Phase,
  part: Partial<TaskSpec>,
  endpoint = server.endpoint,
): Promise<Ending> {
  await using directory = await temporaryDirectory();
  await mkdir(directory.at('source'));
  if (part.direction !== 'PULL') await writeFile(directory.at('source/a.txt'), 'a');
  const task = resolvedTask('photos', {
    spec: taskSpec({
      paths: [directory.at('source')],
      remote: remoteLocation({ bucket, folder: 'photos' }),
      retry: { limit: 0, backoffMs: 1000 },
      rcloneFlags: { 'low-level-retries': 1 },
      ...part,
    }),
    credential: credentialSpec({
      provider: 's3',
      options: {
        provider: 'Other',
        endpoint,
        force_path_style: true,
        access_key_id: { fromEnv: 'KEY' },
        secret_access_key: { fromEnv: 'KEY' },
      },
    }),
  });
  const heard = realTools(directory, { environment: { ...process.env, KEY: 'secret-key' } });
  switch (phase) {
    case 'restore':
      return (
        await restore(
          task,
          { directory: directory.at('back'), backup: null, include: [], intoExisting: false, dryRun: false },
          { runId: 'restore-1', history: emptyHistory },
          heard,
        )
      ).ending;
    default:
      return (await realRun(task, heard, phase === 'dry run')).ending;
  }
}

describe.concurrent.each(cases)('$code in a $direction $transferMode', ({ code, verdict, transferMode, direction }) => {
  // A restore is the same for each mode, and there is none of a PULL.
  const phases: readonly Phase[] = ['run', ...(direction === 'PUSH' ? (['dry run'] as const) : [])];
  test.each(phases)('has one reason, outcome and retry: %s', async (phase) => {
    const { outcome, lastError, retryable } = await fail(code.toLowerCase(), phase, { direction, transferMode });
    expect({ outcome, lastError, retryable }).toEqual(verdict);
  });
});

describe.concurrent('the same while a restore looks at the far side', () => {
  test.each(errors)('%i %s', async (_status, code, verdict) => {
    const { outcome, lastError, retryable } = await fail(code.toLowerCase(), 'restore', { direction: 'PUSH' });
    expect({ outcome, lastError, retryable }).toEqual(verdict);
  });
});

const unreachable = [
  ['nobody listens', 'http://127.0.0.1:1', true, /^could not connect to 127\.0\.0\.1:1 \(connection refused\)$/],
  ['the server speaks no TLS', null, false, /HTTP response to HTTPS client/],
] as const;

describe.concurrent.each(unreachable)('where %s', (_what, endpoint, retryable, sentence) => {
  test.each(['SYNC', 'COPY', 'MOVE'] as const)('%s', async (transferMode) => {
    for (const direction of ['PUSH', 'PULL'] as const) {
      const place = endpoint ?? server.endpoint.replace('http:', 'https:');
      const ending = await fail('slowdown', 'run', { direction, transferMode }, place);
      expect(ending).toMatchObject({ outcome: 'Failed', retryable, lastError: expect.stringMatching(sentence) });
    }
  });
});
