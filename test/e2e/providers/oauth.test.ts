import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startBox } from '../../clouds/fakes/box.ts';
import { startDrive } from '../../clouds/fakes/drive.ts';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import type { OAuthCloud, OAuthSettings } from '../../clouds/fakes/fake-cloud.ts';
import { startGoogleCloudStorage } from '../../clouds/fakes/google-cloud-storage.ts';
import { startGooglePhotos } from '../../clouds/fakes/google-photos.ts';
import { startOneDrive } from '../../clouds/fakes/onedrive.ts';
import { startPcloud } from '../../clouds/fakes/pcloud.ts';
import { startYandex } from '../../clouds/fakes/yandex.ts';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { readTree } from '../../helper/file-tree.ts';
import { evidenceBook } from './evidence.ts';
import { everythingSeen, expectNone, type Place, placeIn } from './place.ts';

const { saw } = evidenceBook('oauth');

interface Account {
  readonly provider: string;
  readonly bucket?: string;
  readonly start: (settings: OAuthSettings) => Promise<OAuthCloud>;
}

const accounts: readonly Account[] = [
  { provider: 'box', start: startBox },
  { provider: 'drive', start: startDrive },
  { provider: 'dropbox', start: startDropbox },
  { provider: 'google-cloud-storage', bucket: 'family', start: startGoogleCloudStorage },
  { provider: 'google-photos', start: startGooglePhotos },
  { provider: 'onedrive', start: startOneDrive },
  { provider: 'pcloud', start: startPcloud },
  { provider: 'yandex', start: startYandex },
];
const folder = 'album/Trips';
const photo = { 'a.jpg': 'first' };

/** A place whose task pulls a photo, with a token that has run out long ago. */
async function openAccount(
  { provider, bucket, start }: Account,
  settings: OAuthSettings,
): Promise<Omit<Place, keyof AsyncDisposable> & AsyncDisposable & { readonly fake: OAuthCloud }> {
  const cloudsync = await openCloudsync();
  const fake = await start(settings);
  const cloud = cloudOf(fake, provider, bucket);
  const token = fake.tokens.json({ expired: true });
  const place = await placeIn(cloudsync, { ...cloud, environment: { ...cloud.environment, FAR_TOKEN: token } });
  await cloud.write(folder, photo);
  await place.task('back', folder, { direction: 'PULL', transferMode: 'COPY' });
  return {
    ...place,
    fake,
    async [Symbol.asyncDispose]() {
      await fake.close();
      await cloudsync[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent.each(accounts)('$provider', (account) => {
  const kind = {
    provider: account.provider,
    server: { name: `fake, test/clouds/fakes/${account.provider}.ts`, version: null },
  };

  test('a renewed token is kept for the next run, also by a run that fails', async () => {
    // Shorter than the margin with which rclone renews: every token has run out.
    await using place = await openAccount(account, { lifetimeSeconds: 1, rotates: true });
    const { fake, succeed, cloudsync } = place;

    await succeed();
    const first = fake.tokens.refreshes;
    expect(first).toBeGreaterThan(0);
    expect(await keptTokens(place)).toContain(`refresh-${first}`);
    await place.task('back', 'album/Absent', {
      ...{ direction: 'PULL', transferMode: 'COPY' },
      remote: account.bucket === undefined ? {} : { bucket: 'absent' },
    });
    expect(await place.run()).toMatchObject({ exitCode: 3, document: { outcome: 'Blocked' } });
    const second = fake.tokens.refreshes;
    expect(second).toBeGreaterThan(first);
    expect(await keptTokens(place)).toContain(`refresh-${second}`);
    await place.task('back', folder, { direction: 'PULL', transferMode: 'COPY' });
    await succeed();
    expect(fake.tokens.refreshes).toBeGreaterThan(second);
    expect(await readTree(place.local('back'))).toEqual(photo);
    saw(kind, 'renewed tokens are kept from run to run');

    const tokens = Array.from({ length: fake.tokens.refreshes + 1 }, (_, index) => [
      `refresh-${index}`,
      `access-${index}`,
    ]);
    expectNone(await everythingSeen({ cloudsync }), tokens.flat());
    saw(kind, 'no token is seen');
  });

  test('a login that was withdrawn is AuthExpired, and the next step is told', async () => {
    await using place = await openAccount(account, {});
    place.fake.tokens.revoke();

    // At the same time, because rclone 1.60 tries for seconds before it gives up.
    const [{ document, exitCode }, verified] = await Promise.all([place.run(), place.verify()]);

    expect({ ...document, exitCode }).toMatchObject({ outcome: 'AuthExpired', exitCode: 1 });
    expect(document.lastError).toMatch(/^[^\n]+; authorise it again: cloudsync credential authorize far$/);
    saw(kind, 'login withdrawn', 'AuthExpired, with the command that renews it');
    const [found] = verified.document?.places ?? [];
    expect([verified.exitCode, found?.reachable]).toEqual([1, false]);
    expect(found?.message).toMatch(/^the login was withdrawn or has run out \([^\n]+\)$/);
    saw(kind, 'verify after the login was withdrawn', 'refused');
  });
});

async function keptTokens({ cloudsync }: Pick<Place, 'cloudsync'>): Promise<string> {
  return await readFile(join(cloudsync.state, 'tokens', 'far.conf'), 'utf8').catch(async () => {
    const kept = await readTree(join(cloudsync.state, 'tokens'));
    return Object.values(kept).join('\n');
  });
}
