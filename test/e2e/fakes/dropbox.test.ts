import { expect, test } from 'vitest';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('Dropbox keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startDropbox();
  // rclone else collects files for half a second before it commits them.
  const client = rcloneClient({ ...cloud, options: { ...cloud.options, batch_timeout: '10ms' } });
  await roundTrip(cloud, client, {
    chunks: { flags: ['--dropbox-chunk-size', '1M'], bytes: 2_500_000, request: /upload_session\/append_v2/, parts: 3 },
  });
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});
