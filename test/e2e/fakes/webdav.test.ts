import { expect, test } from 'vitest';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { startWebdav } from '../../clouds/fakes/webdav.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { roundTrip } from './round-trip.ts';

test('Nextcloud keeps, lists, checks, moves and deletes files', async () => {
  await using cloud = await startWebdav();
  await roundTrip(cloud, rcloneClient(cloud));
  expect(cloud.requests.filter(({ status }) => status === 400 || status === 401)).toEqual([]);
});

test('Nextcloud takes a large file in chunks, from an rclone that sends them', async () => {
  await using cloud = await startWebdav();
  await using local = await temporaryDirectory();
  const large = Buffer.alloc(2_500_000, 'chunked ');
  await local.write('file.bin', large);
  const { run, attempt } = rcloneClient({ ...cloud, options: { ...cloud.options, nextcloud_chunk_size: '1Mi' } });
  await run('copy', local.at('file.bin'), 'cloud:large');
  expect(cloud.files().get('large/file.bin')?.equals(large)).toBe(true);
  const sendsChunks = (await attempt('help', 'flags', 'nextcloud-chunk-size')).output.includes('nextcloud-chunk-size');
  const chunks = cloud.requests.filter(({ method, url }) => method === 'PUT' && url.includes('/dav/uploads/alice/'));
  expect(chunks).toHaveLength(sendsChunks ? 3 : 0);
});

test('a plain WebDAV server keeps neither times nor hashes', async () => {
  await using cloud = await startWebdav({ vendor: 'other' });
  await roundTrip(cloud, rcloneClient(cloud), { hashes: false });
  const stranger = rcloneClient({ ...cloud, options: { ...cloud.options, pass: 'wrong' } });
  expect((await stranger.attempt('lsf', 'cloud:', '--low-level-retries', '1')).errors).toMatch(/401/);
});
