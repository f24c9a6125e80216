import { symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { transferArguments } from '../../src/rclone/arguments.ts';
import { type RemoteDefinition, rcloneEnvironment } from '../../src/rclone/environment.ts';
import { addEvidence, emptyEvidence } from '../../src/rclone/evidence.ts';
import { classify } from '../../src/rclone/outcome.ts';
import { startRclone } from '../../src/rclone/process.ts';
import { rcloneVersion } from '../clouds/versions.ts';
import { writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { binary, type Finished, rclone, transfer } from '../rclone/real-rclone.ts';

/** How real runs of rclone end, where a manifest cannot bring them about, or not soon enough for a test. */
const [, minor = 0] = rcloneVersion.split('.').map(Number);
const from = (directory: TemporaryDirectory) => ({ source: directory.at('from'), destination: directory.at('to') });
const once = { 'low-level-retries': 1 };

interface Case {
  readonly what: string;
  readonly act: (directory: TemporaryDirectory) => Promise<Finished>;
  readonly exitCode: number | null;
  readonly outcome?: string;
  readonly retryable?: boolean;
  readonly lastError: string;
}

const refused = 'could not connect to 127.0.0.1:1 (connection refused)';
const forbidden =
  'the server refused access (403 Forbidden); check the key, what it may do, and the names of bucket and folder';
const unanswered =
  'the server gave no answer about the folder, or there is a file in its place (is a file not a directory)';

const cases: readonly Case[] = [
  {
    what: 'a source that is missing',
    act: (directory) => rclone({ ...from(directory), source: directory.at('none') }),
    exitCode: 3,
    lastError: 'the source directory was not found',
  },
  {
    what: 'a bucket that is missing',
    act: (directory) => answered(directory, 404, 'NoSuchBucket', 'pull'),
    exitCode: 3,
    lastError: 'the source directory was not found',
  },
  {
    what: 'a bucket that may not be listed',
    act: (directory) => answered(directory, 403, 'AccessDenied', 'pull'),
    exitCode: 1,
    lastError: forbidden,
  },
  {
    what: 'a bucket that may not be written',
    act: (directory) => answered(directory, 403, 'AccessDenied', 'push'),
    ...{ exitCode: 1, retryable: minor >= 69 },
    lastError: minor < 69 ? forbidden : unanswered,
  },
  {
    what: 'an S3 server that is down',
    act: (directory) =>
      rclone({ ...from(directory), destination: 'far:photos/x', flags: once }, null, [s3('http://127.0.0.1:1')]),
    ...{ exitCode: 1, retryable: true },
    lastError: minor < 69 ? refused : unanswered,
  },
  {
    what: 'nothing to transfer, where that is asked for',
    async act(directory) {
      await rclone(from(directory));
      return rclone({ ...from(directory), flags: { 'error-on-no-transfer': true } });
    },
    exitCode: 9,
    lastError: 'there was nothing to transfer, and the task asks to fail then (error-on-no-transfer)',
  },
  {
    what: 'more to delete than is allowed',
    async act(directory) {
      await writeTree(directory.at('to'), { x: '1', y: '2' });
      return rclone({ ...from(directory), operation: 'sync', maxDelete: 1 });
    },
    exitCode: 7,
    lastError: 'more files would be deleted than the task allows (--max-delete threshold reached)',
  },
  {
    what: 'the limit on the duration',
    act: (directory) =>
      rclone({ ...from(directory), flags: { 'max-duration': '1s', 'cutoff-mode': 'hard', bwlimit: '8b' } }),
    ...{ exitCode: minor < 64 ? 7 : 10, outcome: 'LimitReached' },
    lastError: 'the limit on the duration (max-duration) was reached; the rest was not transferred',
  },
  {
    what: 'a link to nothing that is to be followed',
    async act(directory) {
      await symlink(directory.at('nowhere'), directory.at('from/link'));
      return rclone({ ...from(directory), followSymlinks: true });
    },
    exitCode: 6,
    lastError: 'link: this symbolic link points to nothing',
  },
  {
    what: 'the same for a sync, which then deletes nothing',
    async act(directory) {
      await symlink(directory.at('nowhere'), directory.at('from/link'));
      await writeTree(directory.at('to'), { 'old.txt': 'old' });
      return rclone({ ...from(directory), operation: 'sync', followSymlinks: true });
    },
    ...{ exitCode: 1, retryable: true },
    lastError: 'link: this symbolic link points to nothing',
  },
  {
    what: 'a link to the folder that it is in',
    async act(directory) {
      await symlink('.', directory.at('from/l'));
      return rclone({ ...from(directory), followSymlinks: true });
    },
    exitCode: 6,
    lastError: `${'l/'.repeat(30)}…: this symbolic link leads back to a folder above itself`,
  },
  {
    what: 'a file in the place of the destination',
    async act(directory) {
      await directory.write('to', 'a file');
      return rclone(from(directory));
    },
    exitCode: 1,
    lastError: 'a directory was expected, and a file was found (is a file not a directory)',
  },
  {
    what: 'a kill from outside',
    act: killed,
    ...{ exitCode: null, retryable: true },
    lastError: 'rclone was killed by SIGKILL; the machine may lack memory',
  },
];

test.concurrent.for(cases)('$what', async ({ act, ...expected }) => {
  await using directory = await temporaryDirectory();
  await writeTree(directory.at('from'), { 'a.txt': 'a'.repeat(30), 'b.txt': 'b'.repeat(30) });
  const { exit, evidence } = await act(directory);
  const { outcome, retryable, lastError, warnings } = classify(exit, evidence);
  expect({ exitCode: exit.exitCode, outcome, retryable, lastError: lastError?.replaceAll(directory.path, '') }).toEqual(
    {
      ...{ exitCode: expected.exitCode, outcome: expected.outcome ?? 'Failed' },
      ...{ retryable: expected.retryable ?? false, lastError: expected.lastError },
    },
  );
  expect(warnings).toEqual([]);
});

function s3(endpoint: string): RemoteDefinition {
  const options = { provider: 'Other', endpoint, access_key_id: 'a', secret_access_key: 'b' };
  return { name: 'far', type: 's3', options, obscured: [] };
}

/** An S3 server that has the same answer to everything. */
async function answered(directory: TemporaryDirectory, status: number, code: string, way: 'push' | 'pull') {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code><Message>No.</Message></Error>`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const far = 'far:photos/x';
  const places =
    way === 'push' ? { ...from(directory), destination: far } : { source: far, destination: directory.at('to') };
  const finished = await rclone({ ...places, flags: once }, null, [s3(`http://127.0.0.1:${port}`)]);
  server.closeAllConnections();
  server.close();
  return finished;
}

async function killed(directory: TemporaryDirectory): Promise<Finished> {
  let evidence = emptyEvidence;
  let speak = () => {};
  const spoken = new Promise<void>((resolve) => {
    speak = resolve;
  });
  const child = await startRclone({
    binary,
    arguments: transferArguments(transfer({ ...from(directory), flags: { bwlimit: '1b' } })),
    environment: rcloneEnvironment({ remotes: [], parent: process.env, timeZone: null }),
    input: null,
    onLine(line) {
      evidence = addEvidence(evidence, line);
      speak();
    },
  });
  await spoken;
  if (child.pid !== null) process.kill(child.pid, 'SIGKILL');
  return { exit: await child.finished, lines: [], raw: '', evidence };
}
