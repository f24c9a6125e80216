import { expect, test } from 'vitest';
import { startOneDrive } from '../../clouds/fakes/onedrive.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('OneDrive keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startOneDrive();
  await roundTrip(cloud, rcloneClient(cloud), {
    chunks: {
      flags: ['--onedrive-chunk-size', '320k'],
      bytes: 700_000,
      request: /^PUT https:\/\/upload\.onedrive\.example\//,
      parts: 3,
    },
  });
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});
