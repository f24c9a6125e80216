import { symlink, utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CheckOrder } from '../../../src/model/check.ts';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import type { ResolvedTask } from '../../../src/model/desired.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { checkTask } from '../../../src/run/check-task.ts';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import { serveByRclone } from '../../clouds/server.ts';
import { credentialSpec, remoteLocation } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';
import { startBucket } from './bucket-server.ts';

const environment = { ...process.env, WEBDAV_PASSWORD: 'a password', CRYPT: 'a long password' };
const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };

/** A server that keeps no hashes of files; as `nextcloud`, rclone expects some of it. */
async function webdavTask(directory: TemporaryDirectory, vendor: string, part: Partial<TaskSpec> = {}) {
  const task = await localTask(directory, 'photos', part);
  const server = await serveByRclone(
    ['webdav', directory.at('remote'), '--baseurl', '/remote.php/dav/files/alice'],
    { HOME: directory.path, RCLONE_USER: 'alice', RCLONE_PASS: environment.WEBDAV_PASSWORD },
    /Server started on \[?(http:\/\/[^\s\]]+)/,
  );
  const options = { url: server.address, vendor, user: 'alice', pass: { fromEnv: 'WEBDAV_PASSWORD' } };
  const credential = credentialSpec({ provider: 'webdav', options });
  return { task: { ...task, credential }, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function check(directory: TemporaryDirectory, task: ResolvedTask, order: Partial<CheckOrder> = {}, lastSuccessAt = 0) {
  const about = { runId: 'check-1', download: false, sample: null, run: null, ...order };
  const tools = realTools(directory, { environment });
  return checkTask(task, { ...about, lastSuccessAt: lastSuccessAt === 0 ? null : lastSuccessAt }, tools);
}

function localFiles(directory: TemporaryDirectory, task: ResolvedTask) {
  return { source: directory.at('source'), remote: directory.at('remote/photos'), task };
}

const inAnHour = Date.now() + 3_600_000;

describe('bytes that nobody compared are not equal', () => {
  test.for([
    ['other', null],
    ['nextcloud', null],
    ['other', encryption],
    ['nextcloud', encryption],
  ] as const)('at a server without hashes (vendor %s, encryption %o)', async ([vendor, crypt]) => {
    await using directory = await temporaryDirectory();
    await using served = await webdavTask(directory, vendor, { encryption: crypt });
    const { task } = served;
    await writeTree(directory.at('source'), { 'a.txt': 'one', 'b.txt': 'two' });
    // Straight to its disk: the newest rclone wants more of a Nextcloud than this server has.
    const push = { ...task, credential: credentialSpec({ options: { root: directory.at('remote') } }) };
    expect((await realRun(push, realTools(directory, { environment }))).ending.outcome).toBe('Succeeded');
    await writeTree(directory.at('source'), { 'b.txt': 'tvo' });

    const bySize = await check(directory, task);
    const byContent = await check(directory, task, { download: true });

    expect(bySize).toMatchObject({
      verdict: 'SizesEqual',
      method: 'size',
      equalBy: { content: 0, hash: 0, size: 2 },
      message: expect.stringContaining('2 equal by size only'),
    });
    expect(byContent).toMatchObject({
      verdict: 'Different',
      equalBy: { content: 1, hash: 0, size: 0 },
      files: [{ found: 'differing', path: 'b.txt' }],
    });
  });

  test('and what is equal by its hash or its content is', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { encryption });
    await writeTree(directory.at('source'), { 'a.txt': 'one' });
    await realRun(task, realTools(directory, { environment }));
    expect(await check(directory, task)).toMatchObject({ verdict: 'Equal', equalBy: { content: 0, hash: 1, size: 0 } });
    expect(await check(directory, task, { download: true })).toMatchObject({
      verdict: 'Equal',
      method: 'content',
      equalBy: { content: 1, hash: 0, size: 0 },
    });
  });
});

describe('what rclone passes over is not equal', () => {
  test.for(['PUSH', 'PULL'] as const)('two forms of one name, as the source of a %s', async (direction) => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { direction });
    const [composed, decomposed] = ['\u00e9.txt', 'e\u0301.txt'] as const;
    const [source, destination] = direction === 'PUSH' ? ['source', 'remote/photos'] : ['remote/photos', 'source'];
    await writeTree(directory.at(source ?? ''), { [composed]: 'a', [decomposed]: 'a', 'sub/b': 'b' });
    await writeTree(directory.at(destination ?? ''), { [composed]: 'a', 'sub/b': 'b' });

    const found = await check(directory, task);

    expect(found).toMatchObject({ verdict: 'Different', counts: { equal: 2, passedOver: 1 } });
    expect(found.files.map(({ path }) => path).toSorted()).toEqual([decomposed, composed].toSorted());
    expect(found.files[0]?.detail).toMatch(/^one name for several files at the source, with .*\((NFC|NFD)\)$/);
  });

  test('names that differ in case, at a provider that takes them for one', async () => {
    await using directory = await temporaryDirectory();
    await using fake = await startDropbox();
    const { credential, environment: login } = cloudOf(fake, 'dropbox');
    const push = await localTask(directory, 'photos', { remote: remoteLocation() });
    const task = { ...push, credential: credential as CredentialSpec };
    const tools = () => realTools(directory, { environment: { ...environment, ...login } });
    await writeTree(directory.at('source'), { 'A.txt': 'one', 'a.txt': 'one', 'b.txt': 'b' });
    await realRun(task, tools());

    const about = { runId: 'check-1', download: false, sample: null, run: null, lastSuccessAt: null };
    const found = await checkTask(task, about, tools());

    expect(found).toMatchObject({ verdict: 'Different', counts: { passedOver: 1 } });
    expect(found.files.map(({ path }) => path).toSorted()).toEqual(['A.txt', 'a.txt']);
  });

  test('keys of a bucket that are no path of a file', async () => {
    await using directory = await temporaryDirectory();
    await using bucket = await startBucket({ 'in/a': 'a', 'in//b': 'b', 'in/x//c': 'c' });
    const key = { fromEnv: 'CRYPT' };
    const options = { provider: 'Other', endpoint: bucket.endpoint, force_path_style: true };
    const credential = credentialSpec({
      provider: 's3',
      options: { ...options, access_key_id: key, secret_access_key: key },
    });
    const remote = remoteLocation({ bucket: 'box', folder: 'in' });
    const pull = await localTask(directory, 'photos', { direction: 'PULL', remote });
    await writeTree(directory.at('source'), { a: 'a' });

    const found = await check(directory, { ...pull, credential });

    expect(found).toMatchObject({ verdict: 'Different', counts: { equal: 1, errors: 0 } });
    expect(found.counts.passedOver).toBeGreaterThan(0);
    expect(found.files).toContainEqual(
      expect.objectContaining({ found: 'passedOver', path: expect.stringContaining('/') }),
    );
  });

  test('a link that is not followed is named, and no success without a word', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory);
    await writeTree(directory.at('source'), { a: 'a' });
    await writeTree(directory.at('remote/photos'), { a: 'a' });
    await symlink('/etc/hostname', directory.at('source/link'));

    expect(await check(directory, task)).toMatchObject({
      verdict: 'EqualWithWarnings',
      counts: { equal: 1, leftOut: 1 },
      warnings: ['left out: link (a symbolic link)'],
      message: expect.stringContaining('link (a symbolic link)'),
    });
  });
});

test('foreign names in an encrypted folder are named, and do not stop a check', async () => {
  await using directory = await temporaryDirectory();
  const task = await localTask(directory, 'photos', { encryption });
  await writeTree(directory.at('source'), { a: 'one', b: 'two', c: 'three' });
  await realRun(task, realTools(directory, { environment }));
  await writeTree(directory.at('remote/photos'), { '.DS_Store': 'x' });

  expect(await check(directory, task, { sample: 5 }, inAnHour)).toMatchObject({
    verdict: 'EqualWithWarnings',
    equalBy: { hash: 3 },
    warnings: ['left out: .DS_Store (its name cannot be decrypted)'],
    sample: { read: 3, equal: 3 },
  });
});

describe('random files that are read back', () => {
  test.for([
    ['PUSH', null],
    ['PULL', null],
    ['PUSH', encryption],
  ] as const)(
    'show another content where only sizes can be compared: %s, encryption %o',
    async ([direction, crypt]) => {
      await using directory = await temporaryDirectory();
      await using served = await webdavTask(directory, 'other', { encryption: crypt });
      const push = served.task;
      await writeTree(directory.at('source'), { a: 'one', b: 'two', 'sub/c': 'three', '# d\n': 'four' });
      await realRun(push, realTools(directory, { environment }));
      const task = { ...push, spec: { ...push.spec, direction } };

      expect(await check(directory, task, { sample: 10 }, inAnHour)).toMatchObject({
        verdict: 'SizesEqual',
        sample: { read: 4, equal: 4, changed: 0, failed: [] },
        message: expect.stringContaining('4 random files read back in full, all equal'),
      });
      await writeTree(directory.at('source'), { b: 'tvo' });
      expect(await check(directory, task, { sample: 10 }, inAnHour)).toMatchObject({
        verdict: 'Different',
        sample: { read: 4, equal: 3, failed: [{ found: 'differing', path: 'b' }] },
        files: [{ found: 'differing', path: 'b' }],
      });
    },
  );

  test('are the same for the same seed, and no more than asked for', async () => {
    await using directory = await temporaryDirectory();
    const { source, remote, task } = localFiles(directory, await localTask(directory));
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x']));
    await writeTree(source, files);
    await writeTree(remote, files);

    const [one, other] = [
      await check(directory, task, { sample: 5 }, inAnHour),
      await check(directory, task, { sample: 5 }, inAnHour),
    ];

    expect(one.sample).toMatchObject({ seed: 'check-1', read: 5, equal: 5 });
    expect(one.sample?.names).toHaveLength(5);
    expect(other.sample?.names).toEqual(one.sample?.names);
  });

  test('do not count what has changed since the last success', async () => {
    await using directory = await temporaryDirectory();
    await using served = await webdavTask(directory, 'other');
    await writeTree(directory.at('source'), { a: 'one', b: 'tvo' });
    await writeTree(directory.at('remote/photos'), { a: 'one', b: 'two' });
    const lastSuccess = Date.now() - 60_000;
    const before = new Date(lastSuccess - 60_000);
    await utimes(directory.at('source/a'), before, before);

    expect(await check(directory, served.task, { sample: 5 }, lastSuccess)).toMatchObject({
      verdict: 'SizesEqual',
      sample: { read: 1, equal: 1, changed: 1, names: ['a'], failed: [] },
    });
    await utimes(directory.at('source/b'), before, before);
    expect(await check(directory, served.task, { sample: 5 }, lastSuccess)).toMatchObject({ verdict: 'Different' });
  });

  test('that cannot be read fail the check, which names them', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { encryption });
    await writeTree(directory.at('source'), { a: 'one', b: 'two' });
    await realRun(task, realTools(directory, { environment }));
    const stored = Object.entries(await readTree(directory.at('remote/photos')));
    const content = String(stored[0]?.[1] ?? '');
    expect(content).not.toBe('');
    await using served = await webdavTask(directory, 'other', { encryption });
    // The same length, and not what was encrypted.
    await writeTree(directory.at('remote/photos'), { [stored[0]?.[0] ?? '']: 'RCLONE\0\0'.padEnd(51, 'x') });

    const found = await check(directory, served.task, { sample: 5 }, inAnHour);

    expect(found.verdict).toMatch(/^(Different|Failed)$/);
    expect(found.sample).toMatchObject({ read: 2, equal: 1, failed: [{ path: expect.stringMatching(/^[ab]$/) }] });
  });
});
