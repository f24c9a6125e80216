import { expect, test } from 'vitest';
import { findProvider } from '../../../src/provider/registry.ts';
import { lifeKinds } from '../../clouds/registry.ts';
import { sshKey } from '../../clouds/ssh-key.ts';
import { rcloneBackends } from '../../clouds/versions.ts';
import { eventually } from '../../helper/eventually.ts';
import { readTree, treeOf, writeTree } from '../../helper/file-tree.ts';
import { credentialManifest } from '../../helper/manifest.ts';
import { commandLineOf, isAlive } from '../../helper/process-tree.ts';
import { rclonePid } from '../../helper/task.ts';
import { evidenceBook } from './evidence.ts';
import { everythingSeen, expectNone, obscuredIn, openPlace } from './place.ts';

const { saw } = evidenceBook('life');

const files = {
  'letter.txt': 'Dear Alice, this is the new version.\n',
  'empty.bin': '',
  // A file at each level: s3rver does not list a folder that holds nothing but folders.
  'deep/notes.txt': 'nested\n',
  'deep/er/notes.txt': 'more nested\n',
  'Überraschung & mehr/ein Bild ☀ №1.txt': 'unicode and spaces\n',
};
const wanted = treeOf(files);
const old = { 'left over/old.txt': 'only at the destination\n' };
const folder = 'back up';

const isBuiltIn = (provider: string) => rcloneBackends.includes(findProvider(provider)?.rcloneType ?? '');
const present = lifeKinds.filter(({ provider }) => isBuiltIn(provider));
const absent = lifeKinds.filter(({ provider }) => !isBuiltIn(provider));

// A dozen runs of the program, five places at a time.
const patience = { timeout: 240_000 };

test.concurrent.for(present)('$name: each direction and mode, one after the other', patience, async (kind) => {
  await using place = await openPlace(kind);
  const { cloud, task, succeed, local, verify } = place;
  await writeTree(local('files'), files);
  await cloud.write(folder, { ...old, 'letter.txt': 'old\n' });

  await task('files', folder, { transferMode: 'COPY' });
  expect((await verify()).document).toMatchObject({ accepted: true, places: [{ reachable: true }] });
  saw(kind, 'verify');
  await succeed();
  expect(await cloud.read(folder)).toEqual({ ...wanted, ...old });
  saw(kind, 'PUSH COPY');

  await task('files', folder, { transferMode: 'SYNC' });
  const { changes } = await succeed('--dry-run');
  expect(changes?.filter(({ action }) => action === 'delete').map(({ path }) => path)).toEqual(['left over/old.txt']);
  expect(await cloud.read(folder)).toEqual({ ...wanted, ...old });
  saw(kind, 'dry run');
  await succeed();
  expect(await cloud.read(folder)).toEqual(wanted);
  saw(kind, 'PUSH SYNC, with a delete');
  expect(await succeed()).toMatchObject({ stats: { transfers: 0, deletes: 0 } });
  saw(kind, 'a second SYNC transfers nothing');

  const listed = await place.cloudsync.json<readonly { readonly name: string }[]>('list', 'far', '--task', 'files');
  expect(listed.document.map(({ name }) => name).sort()).toEqual(
    ['deep', 'empty.bin', 'letter.txt', 'Überraschung & mehr'].sort(),
  );
  saw(kind, 'list');

  await writeTree(local('back'), old);
  await task('back', folder, { direction: 'PULL', transferMode: 'SYNC' });
  await succeed();
  expect(await readTree(local('back'))).toEqual(wanted);
  saw(kind, 'PULL SYNC, with a delete');

  await task('back', 'moved', { transferMode: 'MOVE' });
  await succeed();
  expect([await readTree(local('back')), await cloud.read('moved')]).toEqual([{}, wanted]);
  saw(kind, 'PUSH MOVE');
  await task('back', 'moved', { direction: 'PULL', transferMode: 'MOVE' });
  // Where a server keeps whole seconds, files that were written a moment ago stay until a later run.
  await eventually('a MOVE that leaves nothing', async () => {
    await succeed();
    return Object.keys(await cloud.read('moved')).length === 0 ? true : null;
  });
  expect([await readTree(local('back')), await cloud.read('moved')]).toEqual([wanted, {}]);
  saw(kind, 'PULL MOVE');
});

test.concurrent.for(present)('$name: secrets are in no list of processes, file or output', async (kind) => {
  await using place = await openPlace(kind);
  const { cloud, cloudsync } = place;
  await writeTree(place.local('files'), { 'large.bin': 'x'.repeat(60_000) });
  // Of Mega, rclone is asked what it can do before the run that the journal names: it would be held instead.
  const traffic = kind.provider === 'mega' ? null : cloud.traffic;
  // A server that cannot be held is made slow.
  await place.task('files', folder, traffic === null ? { bandwidthLimit: '20k' } : {});
  const hold = traffic?.hold(/./);
  const running = cloudsync.start(['run', 'files']);
  const rclone = await rclonePid(cloudsync);
  await hold?.arrived;
  const words = commandLineOf(rclone);
  const obscured = obscuredIn(rclone);
  expect([isAlive(rclone), words.includes('copy')]).toEqual([true, true]);
  hold?.release();
  const finished = await running.finished;
  expect(finished).toMatchObject({ exitCode: 0 });

  const seen = JSON.stringify([words, finished]) + (await everythingSeen(place));
  expect(seen).toContain('large.bin');
  expectNone(seen, [...cloud.secrets, ...obscured]);
  saw(kind, 'no secret is seen');
});

// The key of Azurite is in rclone; OAuth has tests of its own.
const keyed = present.filter(({ provider }) => provider !== 'azureblob' && findProvider(provider)?.token === null);

test.concurrent.for(keyed)('$name: a wrong secret is refused in one sentence', async (kind) => {
  await using place = await openPlace(kind);
  const { cloud, cloudsync, task, verify } = place;
  const { provider, options } = cloud.credential;
  const wrong = Object.entries(options).map(([name, value]) => {
    return [name, typeof value === 'object' ? { fromEnv: name === 'key_pem' ? 'WRONG_KEY' : 'WRONG' } : value] as const;
  });
  // Base64, as keys of Azure have to be.
  const secrets = { WRONG: Buffer.from('CANARY wrong secret').toString('base64'), WRONG_KEY: sshKey().privateKey };
  Object.assign(cloudsync.environment, secrets);
  await cloudsync.manifest('far.yaml', credentialManifest('far', { provider, options: Object.fromEntries(wrong) }));
  await task('files', folder);

  const { exitCode, document, stdout, stderr } = await verify();

  expect({ exitCode, ...document }).toMatchObject({ exitCode: 1, accepted: false });
  expect(document?.message).toMatch(/^[^\n]{10,300}$/);
  expectNone(stdout + stderr, [secrets.WRONG, secrets.WRONG_KEY.split('\n')[1] ?? '', ...cloud.secrets]);
  // The words differ from run to run: a login that fails may meet the server's wish to end it.
  saw(kind, 'verify with a wrong secret', 'refused');
});

test.concurrent.for(absent)('$name: an rclone without the backend is told of', async (kind) => {
  await using place = await openPlace(kind);
  await writeTree(place.local('files'), files);
  await place.task('files', folder);

  const { exitCode, stdout, stderr } = await place.cloudsync.run('run', 'files');

  expect([exitCode, stdout + stderr]).toEqual([1, expect.stringMatching(/build of rclone has no backend/)]);
  saw(kind, 'PUSH COPY', 'refused: this build of rclone has no such backend');
});
