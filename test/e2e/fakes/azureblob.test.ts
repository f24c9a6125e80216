import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startAzurite } from '../../clouds/fakes/azureblob.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

test('Azurite keeps, lists, checks and deletes files, where rclone has the backend', async () => {
  await using cloud = await startAzurite();
  const { run, attempt } = rcloneClient(cloud);
  if (!/^ +azureblob /m.test(await run('help', 'backends'))) {
    const { code, errors } = await attempt('lsf', 'cloud:');
    expect([code, errors]).toEqual([1, expect.stringContaining('backend called "azureblob"')]);
    return;
  }
  await using local = await temporaryDirectory();
  await local.write('source/Ünïcode & 写真/a b+c.txt', 'first');
  await local.write('source/large.bin', Buffer.alloc(2_500_000, 'chunked '));
  await run('copy', local.at('source'), 'cloud:photos/dir', '--azureblob-chunk-size', '1M');
  await run('check', local.at('source'), 'cloud:photos/dir');
  expect((await run('lsf', '-R', '--files-only', 'cloud:photos/dir')).trim().split('\n').sort()).toEqual([
    'large.bin',
    'Ünïcode & 写真/a b+c.txt',
  ]);
  await run('copy', 'cloud:photos/dir', local.at('back'));
  expect(await readFile(local.at('back/Ünïcode & 写真/a b+c.txt'), 'utf8')).toBe('first');
  await run('purge', 'cloud:photos/dir');
  expect(await run('lsf', '-R', 'cloud:photos')).toBe('');
});
