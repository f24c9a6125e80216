import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startGooglePhotos } from '../../clouds/fakes/google-photos.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

test('Google Photos keeps albums, lists them, gives back what is in them and forgets it', async () => {
  await using cloud = await startGooglePhotos();
  await using local = await temporaryDirectory();
  const { run, attempt } = rcloneClient(cloud);
  await local.write('source/a.jpg', 'first');
  await local.write('source/写真 1.mp4', 'second');

  await run('mkdir', 'cloud:album/Empty');
  await run('copy', local.at('source'), 'cloud:album/Trips/Rügen');
  expect(Object.fromEntries(cloud.files())).toEqual({
    'album/Trips/Rügen/a.jpg': Buffer.from('first'),
    'album/Trips/Rügen/写真 1.mp4': Buffer.from('second'),
  });
  expect((await run('lsf', '--recursive', 'cloud:album')).trim().split('\n').sort()).toEqual([
    ...['Empty/', 'Trips/', 'Trips/Rügen/', 'Trips/Rügen/a.jpg', 'Trips/Rügen/写真 1.mp4'],
  ]);
  expect((await attempt('copy', local.at('source'), 'cloud:album/Trips/Rügen', '-v')).errors).toMatch(
    /nothing to transfer/,
  );

  cloud.put('album/Trips/Rügen/c.png', 'theirs');
  await run('copy', 'cloud:album/Trips/Rügen', local.at('back'));
  expect(await readFile(local.at('back/c.png'), 'utf8')).toBe('theirs');
  expect(await readFile(local.at('back/写真 1.mp4'), 'utf8')).toBe('second');
  await run('check', '--download', local.at('back'), 'cloud:album/Trips/Rügen');

  await run('sync', local.at('source'), 'cloud:album/Trips/Rügen');
  expect(await run('lsf', 'cloud:album/Trips/Rügen', '--include', '*.png')).toBe('');
  expect(cloud.files().has('media/all/c.png')).toBe(true);
  expect((await run('lsf', 'cloud:media/all')).trim().split('\n')).toHaveLength(3);
  expect(cloud.requests.filter(({ status }) => status === 400)).toEqual([]);
});

test('Google Photos takes nothing but photos and videos', async () => {
  await using cloud = await startGooglePhotos();
  await using local = await temporaryDirectory();
  await local.write('source/letter.txt', 'text');
  const { code, errors } = await rcloneClient(cloud).attempt('copy', local.at('source'), 'cloud:album/Letters');
  expect(code).toBe(1);
  expect(errors).toMatch(/error while trying to create this media item/);
  expect(cloud.files().size).toBe(0);
});
