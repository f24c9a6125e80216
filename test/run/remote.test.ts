import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import type { CredentialSpec } from '../../src/model/credential.ts';
import type { Provider } from '../../src/model/provider.ts';
import { ok } from '../../src/model/result.ts';
import type { Encryption, TaskSpec } from '../../src/model/task.ts';
import { parseBackends } from '../../src/provider/generic.ts';
import { describeBackends } from '../../src/rclone/binary.ts';
import { type PreparedRemote, prepareRemote } from '../../src/run/remote.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../helper/build.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { runTools } from './local-task.ts';
import { rclones, realRun, realTools } from './real-run.ts';

const token = {
  access_token: 'access-of-the-reference',
  token_type: 'bearer',
  refresh_token: 'refresh',
  expiry: '2026-01-01T00:00:00Z',
};
const encryption: Encryption = { password: { fromEnv: 'PASSWORD' }, salt: null, filenames: true };

async function prepare(
  directory: TemporaryDirectory,
  credential: CredentialSpec,
  environment: NodeJS.ProcessEnv,
  crypt: Encryption | null = null,
) {
  const location = remoteLocation({ credential: 'mine' });
  const { findProvider } = runTools();
  const tools = { environment, processName: 'this test', state: stateDirectory(directory.at('state')), findProvider };
  return prepareRemote({ location, credential, encryption: crypt, uploadChunkSizeBytes: null }, tools);
}

async function prepared(...given: Parameters<typeof prepare>): Promise<PreparedRemote> {
  const remote = await prepare(...given);
  if (!remote.ok) throw new Error(remote.error);
  return remote.value;
}

describe.each(rclones)('a section of rclone.conf, by %s', { timeout: 60_000 }, (binary) => {
  async function run(directory: TemporaryDirectory, config: string, part: Partial<TaskSpec> = {}) {
    const before = new Date(Date.UTC(2020, 0, 1));
    const file = await directory.write('rclone.conf', config);
    await utimes(file, before, before);
    const spec = taskSpec({
      ...{ paths: [directory.at('source')], transferMode: 'SYNC' },
      remote: remoteLocation({ credential: null, rcloneRemote: 'nas', folder: directory.at('remote/photos') }),
      ...part,
    });
    const environment = { ...process.env, RCLONE_CONFIG: file, PASSWORD: 'password' };
    const task = resolvedTask('photos', { spec, credential: null });
    const { ending } = await realRun(task, realTools(directory, { environment }, binary));
    expect(await readFile(file, 'utf8')).toBe(config);
    expect((await stat(file)).mtimeMs).toBe(before.getTime());
    expect(await readdir(directory.path)).not.toContain('.config');
    return ending;
  }

  test('is used as it is and left as it is', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    expect(await run(directory, '[nas]\ntype = local\n')).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'a.txt': 'a' });
  });

  test('that is not there is a failure in words', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    expect(await run(directory, '[other]\ntype = local\n')).toMatchObject({
      ...{ outcome: 'Failed', lastError: expect.stringContaining('rclone knows no remote of this name') },
    });
  });

  test('can be encrypted, and another section gives nothing to that', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { paper: 'a' });
    const crypt = ['encrypted', 'remote', 'crypt'].map(
      (name) => `[${name}]\ntype = crypt\nremote = /nowhere\npassword2 = eHh4eHh4eHh4eHh4eHh4eNqHm1U\n`,
    );
    const config = ['[nas]\ntype = local\n', ...crypt].join('\n');
    expect(await run(directory, config, { encryption })).toMatchObject({ outcome: 'Succeeded' });
    const first = Object.keys(await readTree(directory.at('remote/photos')));
    await writeTree(directory.at('source'), { paper: 'a' });
    const elsewhere = remoteLocation({ credential: null, rcloneRemote: 'nas', folder: directory.at('remote/other') });
    expect(await run(directory, '[nas]\ntype = local\n', { encryption, remote: elsewhere })).toMatchObject({
      outcome: 'Succeeded',
    });
    expect(Object.keys(await readTree(directory.at('remote/other')))).toEqual(first);
  });
});

describe.each(rclones)('a backend that only rclone knows, by %s', { timeout: 60_000 }, (binary) => {
  test('takes its options from the credential', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    const described = await describeBackends(binary);
    const backends = described.ok ? parseBackends(described.value) : described;
    if (!backends.ok) throw new Error(backends.error);
    const known: ReadonlyMap<string, Provider> = backends.value;
    const findProvider = async (name: string) => {
      const found = known.get(name);
      return found === undefined ? { ok: false as const, error: `no ${name}` } : ok(found);
    };
    const run = (credential: CredentialSpec) => {
      const task = resolvedTask('photos', { credential, spec: taskSpec({ paths: [directory.at('source')] }) });
      return realRun(task, realTools(directory, { findProvider }, binary));
    };
    const alias = await run({ provider: 'alias', options: { remote: directory.at('remote') } });
    expect(alias.ending).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'a.txt': 'a' });
    const memory = await run({ provider: 'memory', options: {} });
    expect(memory.ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 1 } });
  });
});

describe('a token', () => {
  const credential = { provider: 'dropbox', options: { token: { fromEnv: 'TOKEN' } } };
  const environment = { TOKEN: JSON.stringify(token) };

  test('lives in a file of this user alone, and never in the environment of rclone', async () => {
    await using directory = await temporaryDirectory();
    await using remote = await prepared(directory, credential, environment);
    const file = directory.at('state/tokens/mine/rclone.conf');
    expect(remote.configFile).toBe(file);
    expect(await readFile(file, 'utf8')).toBe(`[remote]\ntoken = ${JSON.stringify(token)}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(remote.definitions)).not.toContain('access-of-the-reference');
  });

  test('that rclone has renewed stays, and is a secret like the one that it was made from', async () => {
    await using directory = await temporaryDirectory();
    await (await prepared(directory, credential, environment))[Symbol.asyncDispose]();
    const renewed = JSON.stringify({ ...token, access_token: 'access-renewed' });
    await directory.write('state/tokens/mine/rclone.conf', `[remote]\ntoken = ${renewed}\n`);
    await using remote = await prepared(directory, credential, environment);
    expect(remote.secrets).toEqual([JSON.stringify(token), renewed]);
    expect(await readFile(directory.at('state/tokens/mine/rclone.conf'), 'utf8')).toContain('access-renewed');
  });

  test('is kept out of Git, also where a dry run is the first to make the state directory', async () => {
    await using directory = await temporaryDirectory();
    await (await prepared(directory, credential, environment))[Symbol.asyncDispose]();
    expect(await readFile(directory.at('state/.gitignore'), 'utf8')).toBe('*\n');
    const files = Object.keys(await readTree(directory.at('state')));
    expect(files).toEqual(['.gitignore', 'tokens/mine/origin', 'tokens/mine/rclone.conf']);
  });

  test('that nobody gave needs no file, and one that is none makes none', async () => {
    await using directory = await temporaryDirectory();
    await using remote = await prepared(directory, { provider: 'dropbox', options: {} }, {});
    expect(remote).toMatchObject({ configFile: null, secrets: [] });
    await expect(stat(directory.at('state'))).rejects.toThrow('ENOENT');
    const refused = await prepare(directory, credential, { TOKEN: 'secret-but-no-token' });
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('"rclone authorize"') });
    expect(JSON.stringify(refused)).not.toContain('secret-but-no-token');
    await expect(stat(directory.at('state/tokens/mine'))).rejects.toThrow('ENOENT');
  });

  test('without a place to keep it, the run does not begin', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('state', 'a file in its place');
    expect(await prepare(directory, credential, environment)).toMatchObject({
      ...{ ok: false, error: expect.stringMatching(/^credential mine: The state directory \S+ cannot be used/) },
    });
  });
});

test('a file for rclone is there as long as rclone is, and gone afterwards', async () => {
  await using directory = await temporaryDirectory();
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5bWcyzMo1Vf0hEwcUTlmY2NNj3hQkjDB1YkQB1d8mV';
  const options = { host: 'nas', user: 'me', pass: { fromEnv: 'PASS' }, host_key: key };
  const remote = await prepared(directory, { provider: 'sftp', options }, { PASS: 'hunter2' });
  const { known_hosts_file: file = '' } = remote.definitions.at(0)?.options ?? {};
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(key);
  await remote[Symbol.asyncDispose]();
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

test('a file that cannot be written is a failure in words', async () => {
  await using directory = await temporaryDirectory();
  vi.stubEnv('TMPDIR', directory.at('absent'));
  const options = {
    host: 'nas',
    user: 'me',
    host_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5bWcyzMo1Vf0hEwcUTlmY2NNj3hQkjDB1YkQB1d8mV',
  };
  expect(await prepare(directory, { provider: 'sftp', options }, {})).toMatchObject({
    ...{
      ok: false,
      error: expect.stringMatching(/^credential mine: a file for rclone could not be written in \S+: ENOENT/),
    },
  });
});

test('an encryption hands over its passwords as secrets, around the plain place', async () => {
  await using directory = await temporaryDirectory();
  const credential = credentialSpec({ options: { root: '/remote' } });
  await using remote = await prepared(directory, credential, { PASSWORD: 'hunter2-hunter2' }, encryption);
  expect(remote).toMatchObject({ path: 'cloudsync_crypt:', plainPath: 'remote:/remote/photos', configFile: null });
  expect(remote.secrets).toEqual(['hunter2-hunter2']);
  expect(remote.definitions.at(-1)).toMatchObject({ obscured: ['password', 'password2'], type: 'crypt' });
});

test('options of the task go before those of the credential, and only those that the provider allows', async () => {
  await using directory = await temporaryDirectory();
  const { findProvider } = runTools();
  const options = { storage_class: 'GLACIER_IR', requester_pays: true, endpoint: 'https://evil.example' };
  const location = remoteLocation({ bucket: 'b', options });
  const credential = credentialSpec({ provider: 's3', options: { storage_class: 'STANDARD', region: 'eu-west-1' } });
  const tools = {
    environment: {},
    processName: 'this test',
    state: stateDirectory(directory.at('state')),
    findProvider,
  };
  const remote = await prepareRemote({ location, credential, encryption: null, uploadChunkSizeBytes: null }, tools);
  expect(remote.ok && remote.value.definitions[0]?.options).toMatchObject({
    storage_class: 'GLACIER_IR',
    requester_pays: 'true',
    region: 'eu-west-1',
  });
  expect(JSON.stringify(remote)).not.toContain('evil');
});
