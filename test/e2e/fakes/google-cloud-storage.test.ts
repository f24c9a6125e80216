import { expect, test } from 'vitest';
import { startGoogleCloudStorage } from '../../clouds/fakes/google-cloud-storage.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('Google Cloud Storage keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startGoogleCloudStorage();
  await roundTrip(cloud, rcloneClient(cloud), {
    base: 'bucket/',
    // Google's library sends parts of 16 MiB and offers no way to ask for less.
    chunks: { flags: [], bytes: 17_000_000, request: /upload_id=/, parts: 2 },
  });
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});

test('Google Cloud Storage lets a service account in by its signature', async () => {
  await using cloud = await startGoogleCloudStorage();
  cloud.put('bucket/a.txt', 'a');
  const account = { ...cloud, tokens: null, options: { service_account_credentials: cloud.serviceAccount } };
  expect(await rcloneClient(account).run('lsf', 'cloud:bucket')).toBe('a.txt\n');
});
