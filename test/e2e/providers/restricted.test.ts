import { expect, test } from 'vitest';
import { fakeKind } from '../../clouds/fake-kind.ts';
import { startGooglePhotos } from '../../clouds/fakes/google-photos.ts';
import { http } from '../../clouds/http.ts';
import { sshKey } from '../../clouds/ssh-key.ts';
import { sshdByPassword } from '../../clouds/sshd.ts';
import { ftpByTls } from '../../clouds/vsftpd.ts';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { readTree, treeOf, writeTree } from '../../helper/file-tree.ts';
import { credentialManifest } from '../../helper/manifest.ts';
import { evidenceBook } from './evidence.ts';
import { everythingSeen, expectNone, openPlace, type Place } from './place.ts';

const { saw } = evidenceBook('restricted');

const files = { 'letter.txt': 'Dear Alice\n', 'deep/Überraschung & mehr.txt': 'nested\n' };

/** What `validate` says of the task as it is. */
async function refusal({ cloudsync }: Place): Promise<string> {
  const { exitCode, stdout, stderr } = await cloudsync.run('validate');
  expect(exitCode).toBe(1);
  return stdout + stderr;
}

test.concurrent('http: files are read, and everything else is refused', async () => {
  await using place = await openPlace(http);
  const { cloud, cloudsync, task, succeed, local, verify } = place;
  await cloud.write('back up', files);
  await writeTree(local('back'), { 'old.txt': 'old\n' });

  await task('back', 'back up', { direction: 'PULL', transferMode: 'SYNC' });
  expect((await verify()).document).toMatchObject({ accepted: true, places: [{ reachable: true }] });
  saw(http, 'verify');
  const { changes } = await succeed('--dry-run');
  expect(changes?.filter(({ action }) => action === 'delete').map(({ path }) => path)).toEqual(['old.txt']);
  saw(http, 'dry run');
  await succeed();
  expect(await readTree(local('back'))).toEqual(treeOf(files));
  saw(http, 'PULL SYNC, with a delete');
  const listed = await cloudsync.json<readonly { readonly name: string }[]>('list', 'far', '--task', 'files');
  expect(listed.document.map(({ name }) => name)).toEqual(['deep', 'letter.txt']);
  saw(http, 'list');
  expectNone(await everythingSeen(place), cloud.secrets);
  saw(http, 'no secret is seen');

  await task('back', 'back up', { direction: 'PULL', transferMode: 'MOVE' });
  expect(await refusal(place)).toMatch(/http cannot delete files, so MOVE is not possible/);
  saw(http, 'PULL MOVE', 'refused by validate');
  await task('back', 'back up', { direction: 'PUSH' });
  expect(await refusal(place)).toMatch(/PUSH/);
  saw(http, 'PUSH', 'refused by validate');

  Object.assign(cloudsync.environment, { HTTP_HEADERS: 'Authorization,Basic wrong' });
  await task('back', 'back up', { direction: 'PULL' });
  const { exitCode, document } = await verify();
  expect([exitCode, document?.accepted]).toEqual([1, false]);
  expect(document?.message).toMatch(/^[^\n]{10,300}$/);
  saw(http, 'verify with a wrong secret', 'refused');
});

const photos = fakeKind({
  ...{ name: 'google-photos', provider: 'google-photos', file: 'google-photos', start: startGooglePhotos },
});
const pictures = { 'a.jpg': 'first', 'b.png': 'second' };

test.concurrent('google-photos: albums are filled and read, and what Google does not allow is refused', async () => {
  await using place = await openPlace(photos);
  const { cloud, cloudsync, task, succeed, local, verify } = place;
  await writeTree(local('files'), pictures);

  await task('files', 'album/Trips', { transferMode: 'COPY' });
  expect((await verify()).document).toMatchObject({ accepted: true, places: [{ reachable: true }] });
  saw(photos, 'verify');
  await succeed();
  expect(await cloud.read('album/Trips')).toEqual(pictures);
  saw(photos, 'PUSH COPY');
  await cloud.write('album/Trips', { 'old.jpg': 'old' });
  await task('files', 'album/Trips', { transferMode: 'SYNC' });
  await succeed('--dry-run');
  expect(await cloud.read('album/Trips')).toEqual({ ...pictures, 'old.jpg': 'old' });
  saw(photos, 'dry run');
  await succeed();
  expect(await cloud.read('album/Trips')).toEqual(pictures);
  expect(Object.keys(await cloud.read('media/all'))).toContain('old.jpg');
  saw(photos, 'PUSH SYNC, with a delete', 'works; the photo leaves the album and stays in the library');
  const listed = await cloudsync.json<readonly { readonly name: string }[]>('list', 'far', '--task', 'files');
  expect(listed.document.map(({ name }) => name)).toEqual(['a.jpg', 'b.png']);
  saw(photos, 'list');
  await writeTree(local('back'), { 'stale.jpg': 'stale' });
  await task('back', 'album/Trips', { direction: 'PULL', transferMode: 'SYNC' });
  await succeed();
  expect(await readTree(local('back'))).toEqual(pictures);
  saw(photos, 'PULL SYNC, with a delete');
  await task('back', 'album/Moved', { transferMode: 'MOVE' });
  await succeed();
  expect([await readTree(local('back')), await cloud.read('album/Moved')]).toEqual([{}, pictures]);
  saw(photos, 'PUSH MOVE');
  expectNone(await everythingSeen(place), cloud.secrets);
  saw(photos, 'no secret is seen');

  await task('back', 'album/Trips', { direction: 'PULL', transferMode: 'MOVE' });
  expect(await refusal(place)).toMatch(/google-photos cannot delete photos, so MOVE is not possible/);
  saw(photos, 'PULL MOVE', 'refused by validate');
  await task('back', 'media', { direction: 'PULL' });
  expect(await refusal(place)).toMatch(/can be read only below a folder/);
  saw(photos, 'PULL of the whole library', 'refused by validate');
  await task('files', 'Trips');
  expect(await refusal(place)).toMatch(/can upload only to a folder such as album/);
  saw(photos, 'PUSH to anything but an album or upload', 'refused by validate');
});

test.concurrent('hubic is refused with the reason', async () => {
  await using cloudsync = await openCloudsync();
  await cloudsync.manifest('far.yaml', credentialManifest('far', { provider: 'hubic', options: {} }));
  const { exitCode, stdout, stderr } = await cloudsync.run('validate');
  expect([exitCode, stdout + stderr]).toEqual([1, expect.stringMatching(/hubic has been shut down/)]);
  saw(
    { provider: 'hubic', server: { name: 'none: the service is gone', version: null } },
    'a credential',
    'refused by validate',
  );
});

test.concurrent('sftp: only the server whose key was written down is talked to', async () => {
  await using place = await openPlace(sshdByPassword);
  const { cloud, cloudsync, task } = place;
  const { host_key: _, ...unknown } = cloud.credential.options;
  const write = (options: object) =>
    cloudsync.manifest('far.yaml', credentialManifest('far', { provider: 'sftp', options }));
  await writeTree(place.local('files'), files);
  await task('files', 'back up');

  await write({ ...unknown, host_key: sshKey().publicKey });
  const { exitCode, document } = await place.run();
  expect([exitCode, document.lastError]).toEqual([
    1,
    expect.stringMatching(/^the host key that the SSH server showed is none of those/),
  ]);
  expect(await cloud.read('back up')).toEqual({});
  saw(sshdByPassword, 'another host key', 'refused, before the password is sent');

  await write(unknown);
  expect(await refusal(place)).toMatch(/must know the key of the server/);
  saw(sshdByPassword, 'no host key', 'refused by validate, with the command that finds it');
});

test.concurrent('ftp: a certificate that nobody vouches for is refused', async () => {
  await using place = await openPlace(ftpByTls);
  await writeTree(place.local('files'), files);
  await place.task('files', 'back up');
  Object.assign(place.cloudsync.environment, { SSL_CERT_FILE: '/dev/null' });

  const { exitCode, document } = await place.run();

  expect([exitCode, document.lastError]).toEqual([
    1,
    expect.stringMatching(/certificate of the server was not accepted/),
  ]);
  saw(ftpByTls, 'a certificate that nobody vouches for', 'refused');
});
