import { expect, test } from 'vitest';
import { dropbox } from '../../clouds/registry.ts';
import { s3 } from '../../clouds/s3.ts';
import { webdav } from '../../clouds/webdav.ts';
import { readTree, treeOf, writeTree } from '../../helper/file-tree.ts';
import { evidenceBook } from './evidence.ts';
import { everythingSeen, expectNone, openPlace } from './place.ts';

const { saw } = evidenceBook('encryption');

const files = { 'letter.txt': 'Dear Alice\n', 'deep/notes.txt': 'nested\n' };
const passwords = { CRYPT_PASSWORD: 'CANARY-crypt password', CRYPT_SALT: 'CANARY-crypt salt' };
const encryption = { password: { fromEnv: 'CRYPT_PASSWORD' }, salt: { fromEnv: 'CRYPT_SALT' }, filenames: true };

test.concurrent.for([s3, webdav, dropbox])('$name: nothing can be read there, and all of it here', async (kind) => {
  await using place = await openPlace(kind);
  const { cloud, cloudsync, task, succeed, local } = place;
  Object.assign(cloudsync.environment, passwords);
  await writeTree(local('files'), files);

  await task('files', 'secret', { transferMode: 'SYNC', encryption });
  await succeed();
  const stored = await cloud.read('secret');
  expect(Object.keys(stored)).toHaveLength(2);
  expect(JSON.stringify(stored)).not.toMatch(/letter|notes|deep|Alice|nested/);
  const listed = await cloudsync.json<readonly { readonly name: string }[]>('list', 'far', '--task', 'files');
  expect(listed.document.map(({ name }) => name).sort()).toEqual(['deep', 'letter.txt']);
  await task('back', 'secret', { direction: 'PULL', transferMode: 'SYNC', encryption });
  await succeed();
  expect(await readTree(local('back'))).toEqual(treeOf(files));
  saw(kind, 'encryption, with file names');

  Object.assign(cloudsync.environment, { CRYPT_PASSWORD: 'CANARY-another' });
  const { document, exitCode } = await place.run();
  expect([document.outcome, exitCode]).toEqual(['Blocked', 3]);
  expect(await readTree(local('back'))).toEqual(treeOf(files));
  saw(kind, 'PULL with a wrong encryption password', 'refused, and nothing is deleted');
  expectNone(await everythingSeen(place), [...Object.values(passwords), 'CANARY-another', ...cloud.secrets]);
});
