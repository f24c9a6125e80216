import { expect, test } from 'vitest';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('Dropbox keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startDropbox();
  await roundTrip(cloud, rcloneClient(cloud), {
    chunks: { flags: ['--dropbox-chunk-size', '1M'], bytes: 2_500_000, request: /upload_session\/append_v2/, parts: 3 },
  });
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});
