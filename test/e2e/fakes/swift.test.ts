import { expect, test } from 'vitest';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { startSwift } from '../../clouds/fakes/swift.ts';
import { roundTrip } from './round-trip.ts';

test('Swift keeps, lists, checks, moves and deletes files, behind TempAuth', async () => {
  await using cloud = await startSwift();
  await roundTrip(cloud, rcloneClient(cloud), {
    base: 'photos/',
    chunks: { flags: ['--swift-chunk-size', '1M'], bytes: 2_500_000, request: /^PUT .*segments.*\/\d{8}$/, parts: 3 },
  });
  cloud.fail({ match: /^GET .*\/v1\//, status: 401, times: 1 });
  await rcloneClient(cloud).run('lsf', 'cloud:photos');
  expect(cloud.requests.filter(({ url }) => url.endsWith('/auth/v1.0')).at(-1)?.status).toBe(200);
});

test('Swift is reached by Keystone, and by nobody without its key', async () => {
  await using cloud = await startSwift({ authentication: 'Keystone' });
  cloud.put('photos/deep/a.txt', 'first');
  expect(await rcloneClient(cloud).run('cat', 'cloud:photos/deep/a.txt')).toBe('first');
  const stranger = rcloneClient({ ...cloud, options: { ...cloud.options, key: 'wrong' } });
  expect((await stranger.attempt('cat', 'cloud:photos/deep/a.txt', '--low-level-retries', '1')).code).not.toBe(0);
});
