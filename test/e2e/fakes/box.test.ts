import { expect, test } from 'vitest';
import { startBox } from '../../clouds/fakes/box.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('Box keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startBox();
  await roundTrip(cloud, rcloneClient(cloud), {
    // rclone sends nothing below 50,000,000 bytes in parts, and reads its own option as rounded up to 47.684Mi.
    chunks: {
      flags: ['--box-upload-cutoff', '50000000b'],
      bytes: 50_100_000,
      request: /PUT .*upload_sessions/,
      parts: 6,
    },
  });
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});
