import { expect, test } from 'vitest';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { startYandex } from '../../clouds/fakes/yandex.ts';
import { roundTrip } from './round-trip.ts';

test('Yandex Disk keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startYandex();
  await roundTrip(cloud, rcloneClient(cloud));
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});
