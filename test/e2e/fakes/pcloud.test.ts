import { test } from 'vitest';
import { startPcloud } from '../../clouds/fakes/pcloud.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('pCloud keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startPcloud();
  await roundTrip(cloud, rcloneClient(cloud));
});
