import { expect, test } from 'vitest';
import { createManifestReader } from '../../src/daemon/manifest-reader.ts';
import type { ProviderSearch } from '../../src/daemon/provider-search.ts';
import { err, ok } from '../../src/model/result.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import { tasksDirectory } from './tasks-directory.ts';

async function problemsWith(installed: ProviderSearch['installed'], spec: string): Promise<readonly string[]> {
  await using directory = await tasksDirectory();
  const text = `apiVersion: cloudsync/v1\nkind: CloudCredential\nmetadata: { name: far }\nspec: ${spec}\n`;
  await directory.write('tasks.d/far.yaml', text);
  const search: ProviderSearch = {
    others: async () => err('not asked'),
    sections: async () => new Map(),
    find: async () => err('not asked'),
    installed,
  };
  const taken = await takeSnapshot({ directory: directory.settings.tasksName, previous: null });
  if (!taken.ok) throw new Error(taken.error.message);
  const desired = await createManifestReader({ settings: directory.settings, search })(taken.value, new Map());
  return desired.problems.map(({ code, severity, line, message }) => `${code} ${severity} ${line} ${message}`);
}

const mega = '{ provider: mega, options: { user: a, pass: { fromEnv: PASS } } }';
const s3 = '{ provider: s3, options: { env_auth: true, sign_accept_encoding: false } }';

test('a backend that the installed rclone does not have is a warning where the credential names it', async () => {
  const problems = await problemsWith(async () => ok(new Map([['s3', new Set<string>()]])), mega);
  expect(problems).toEqual(['CS049 warning 4 the installed rclone has no backend mega, so runs fail on this machine']);
});

test('so is an option that it does not know', async () => {
  const problems = await problemsWith(async () => ok(new Map([['s3', new Set(['env_auth'])]])), s3);
  expect(problems).toEqual([
    'CS049 warning 4 the installed rclone does not know the option sign_accept_encoding of s3, and ignores it',
  ]);
});

test('nothing is said where it has both, and where there is no rclone', async () => {
  const both = new Map([
    ['mega', new Set<string>()],
    ['s3', new Set(['sign_accept_encoding'])],
  ]);
  expect(await problemsWith(async () => ok(both), mega)).toEqual([]);
  expect(await problemsWith(async () => ok(both), s3)).toEqual([]);
  expect(await problemsWith(async () => err('rclone was not found'), mega)).toEqual([]);
});

test('it is not asked about what every build has', async () => {
  const never = async () => {
    throw new Error('it was asked');
  };
  expect(await problemsWith(never, '{ provider: s3, options: { env_auth: true } }')).toEqual([]);
});
