import { expect, test } from 'vitest';
import { startB2 } from '../../clouds/fakes/b2.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
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
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});
