import { expect, test } from 'vitest';
import { startB2 } from '../../clouds/fakes/b2.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { roundTrip } from './round-trip.ts';

test('B2 keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startB2();
  await roundTrip(cloud, rcloneClient(cloud), {
    base: 'bucket/',
    chunks: {
      flags: ['--b2-chunk-size', '5M', '--b2-upload-cutoff', '5M'],
      bytes: 12_000_000,
      request: /POST .*b2_upload_part\//,
      parts: 3,
    },
  });
  // rclone makes sure of a bucket by making it.
  const wrong = cloud.requests.filter(({ status, url }) => status === 400 && !url.endsWith('/b2_create_bucket'));
  expect(wrong).toEqual([]);
});

test('B2 keeps what is hidden, and a purge deletes that too', async () => {
  await using cloud = await startB2();
  const { run } = rcloneClient(cloud);
  cloud.put('bucket/dir/a.txt', 'old');
  cloud.put('bucket/dir/a.txt', 'new');
  await run('deletefile', 'cloud:bucket/dir/a.txt');
  expect(cloud.files().size).toBe(0);
  expect((await run('lsf', '--b2-versions', 'cloud:bucket/dir')).trim().split('\n')).toHaveLength(2);
  await run('purge', 'cloud:bucket');
  expect(await run('lsf', 'cloud:')).toBe('');
});

test('B2 lets a client whose session has ended sign in again', async () => {
  await using cloud = await startB2();
  await using local = await temporaryDirectory();
  await local.write('source/a.txt', 'text');
  const uploading = cloud.hold(/b2_get_upload_url/);
  const copied = rcloneClient(cloud).run('copy', local.at('source'), 'cloud:bucket');
  await uploading.arrived;
  cloud.endSessions();
  uploading.release();
  await copied;
  expect(cloud.requests.filter(({ url }) => url.endsWith('/b2_authorize_account'))).toHaveLength(2);
  expect([...cloud.files().keys()]).toEqual(['bucket/a.txt']);
});

test('B2 turns a wrong key away', async () => {
  await using cloud = await startB2();
  const stranger = rcloneClient({ ...cloud, options: { ...cloud.options, key: 'K001-another' } });
  expect((await stranger.attempt('lsf', 'cloud:bucket', '--low-level-retries', '1')).errors).toMatch(/unauthorized/);
});
