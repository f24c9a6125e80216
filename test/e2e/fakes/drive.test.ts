import { expect, test } from 'vitest';
import { startDrive } from '../../clouds/fakes/drive.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('Google Drive keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startDrive();
  await roundTrip(cloud, rcloneClient(cloud), {
    chunks: {
      flags: ['--drive-chunk-size', '256k', '--drive-upload-cutoff', '256k'],
      bytes: 600_000,
      request: /upload_id=/,
      parts: 3,
    },
  });
  expect(cloud.requests.filter(({ status }) => status >= 400)).toEqual([]);
});
