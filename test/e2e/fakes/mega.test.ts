import { expect, test } from 'vitest';
import { startMega } from '../../clouds/fakes/mega.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { roundTrip } from './round-trip.ts';

test('Mega keeps, lists, checks, moves and deletes files, and sees none of them', async () => {
  await using cloud = await startMega();
  const client = rcloneClient(cloud);
  if (!/^ +mega /m.test(await client.run('help', 'backends'))) {
    // Debian's rclone 1.60 is built without it.
    expect((await client.attempt('lsf', 'cloud:')).errors).toMatch(/didn't find backend called "mega"/);
    return;
  }
  await roundTrip(cloud, client, {
    hashes: false,
    // Chunks of 128 KiB, 256 KiB and so on.
    chunks: { flags: [], bytes: 1_000_000, request: /POST .*\/ul\//, parts: 4 },
  });
  expect(cloud.requests.filter(({ status }) => status >= 400)).toEqual([]);
  const stranger = rcloneClient({ ...cloud, options: { ...cloud.options, pass: 'another' } });
  expect((await stranger.attempt('lsf', 'cloud:')).errors).toMatch(/couldn't login/);
});
