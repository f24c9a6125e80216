import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startB2 } from '../../clouds/fakes/b2.ts';
import { startBox } from '../../clouds/fakes/box.ts';
import { startGoogleCloudStorage } from '../../clouds/fakes/google-cloud-storage.ts';
import { startGooglePhotos } from '../../clouds/fakes/google-photos.ts';
import { rcloneClient } from '../../clouds/fakes/rclone-client.ts';
import { startYandex } from '../../clouds/fakes/yandex.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

const clouds = [
  ['box', startBox, 'dir/a.jpg'],
  ['yandex', startYandex, 'dir/a.jpg'],
  ['google cloud storage', startGoogleCloudStorage, 'bucket/dir/a.jpg'],
  ['google photos', startGooglePhotos, 'album/dir/a.jpg'],
] as const;

test.concurrent.each(clouds)(
  '%s: a run renews a token that has run out, and keeps the new one',
  async (_, start, path) => {
    // Shorter than the margin with which rclone renews: every token has run out.
    await using cloud = await start({ lifetimeSeconds: 1, rotates: true });
    await using local = await temporaryDirectory();
    const file = await local.write('token.conf', `[cloud]\ntoken = ${cloud.tokens.json({ expired: true })}\n`);
    cloud.put(path, 'first');
    const { run } = rcloneClient(cloud, file);
    for (const _run of ['first', 'second']) {
      const before = cloud.tokens.refreshes;
      expect(await run('cat', `cloud:${path}`)).toBe('first');
      expect(cloud.tokens.refreshes).toBeGreaterThan(before);
      expect(await readFile(file, 'utf8')).toContain(`"refresh-${cloud.tokens.refreshes}"`);
    }
  },
);

test.concurrent.each(
  [...clouds, ['b2', startB2, 'bucket/dir/a.jpg'] as const].flatMap(([name, start, path]) =>
    ([429, 500] as const).map((status) => [name, status, start, path] as const),
  ),
)('%s: a passing %i is tried again, a lasting one is not hidden', async (_, status, start, path) => {
  await using cloud = await start();
  cloud.put(path, 'first');
  cloud.fail({ match: /./, status, times: 1 });
  const { run, attempt } = rcloneClient(cloud);
  expect(await run('cat', `cloud:${path}`)).toBe('first');
  expect(cloud.requests[0]?.status).toBe(status);
  cloud.fail({ match: /./, status, times: Number.POSITIVE_INFINITY });
  expect((await attempt('cat', `cloud:${path}`, '--low-level-retries', '1')).code).not.toBe(0);
});
