import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../src/model/credential.ts';
import type { RemoteLocation, TaskSpec } from '../../src/model/task.ts';
import { claimsOf } from '../../src/run/claims.ts';
import { createLocks } from '../../src/run/locks.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../helper/build.ts';

interface Parts extends Partial<Omit<TaskSpec, 'remote'>> {
  readonly remote?: Partial<RemoteLocation>;
  readonly credential?: CredentialSpec | null;
}

/** Without an rclone.conf. */
const environment: NodeJS.ProcessEnv = {};

const sftp = { provider: 'sftp', options: { host: 'nas', pass: { fromEnv: 'A' } } };

function task({ remote, credential = sftp, ...part }: Parts) {
  return resolvedTask('any', { credential, spec: taskSpec({ ...part, remote: remoteLocation(remote) }) });
}

/** Whether the second has to wait for the first. */
async function meet(first: Parts, second: Parts): Promise<boolean> {
  const locks = createLocks();
  const controller = new AbortController();
  await locks.acquire('first', await claimsOf(task(first), environment), controller.signal, () => {});
  let waited = false;
  const wait = locks.acquire('second', await claimsOf(task(second), environment), controller.signal, () => {
    waited = true;
  });
  controller.abort();
  await wait;
  return waited;
}

const apart = { paths: ['/other'], remote: { folder: 'other' } };

describe('claimsOf', () => {
  test('two that read one directory share it, and one that writes it does not', async () => {
    expect(await meet({}, { ...apart, paths: ['/data/photos'] })).toBe(false);
    expect(await meet({}, { ...apart, paths: ['/data/photos/2026'], direction: 'PULL' })).toBe(true);
    expect(await meet({ transferMode: 'MOVE' }, { ...apart, paths: ['/data'] })).toBe(true);
    expect(await meet({ direction: 'PULL' }, { ...apart, paths: ['/data/photos-of-others'] })).toBe(false);
  });

  test('two that write one place of a remote do not meet there at once', async () => {
    expect(await meet({}, { paths: ['/other'], remote: { folder: 'photos/2026' } })).toBe(true);
    expect(await meet({}, { paths: ['/other'], remote: { folder: 'photos-of-others' } })).toBe(false);
    expect(await meet({ direction: 'PULL' }, { direction: 'PULL', paths: ['/other'] })).toBe(false);
    expect(await meet({ direction: 'PULL', transferMode: 'MOVE' }, { direction: 'PULL', paths: ['/other'] })).toBe(
      true,
    );
  });

  test('a place is where its path leads', async () => {
    expect(await meet({}, { paths: ['/other'], remote: { folder: 'a/../photos' } })).toBe(true);
    expect(await meet({}, { paths: ['/other'], remote: { folder: './photos//2026/' } })).toBe(true);
  });

  test('buckets are apart', async () => {
    const inBucket = (bucket: string, folder: string, path: string) => ({
      credential: { provider: 's3', options: { access_key_id: { fromEnv: path } } },
      paths: [path],
      remote: { bucket, folder },
    });
    expect(await meet(inBucket('a', 'photos', '/a'), inBucket('b', 'photos', '/b'))).toBe(false);
    expect(await meet(inBucket('a', '', '/a'), inBucket('a', 'photos', '/b'))).toBe(true);
  });

  test('credentials that differ in their secrets alone may lead to one place', async () => {
    const other = { provider: 'sftp', options: { host: 'nas', pass: { fromEnv: 'B' } } };
    const elsewhere = { provider: 'sftp', options: { host: 'other', pass: { fromEnv: 'A' } } };
    expect(await meet({}, { paths: ['/other'], credential: other })).toBe(true);
    expect(await meet({}, { paths: ['/other'], credential: elsewhere })).toBe(false);
  });

  test('the folder of a local remote is the same as a local path', async () => {
    const local = credentialSpec({ options: { root: '/data' } });
    expect(await meet({ direction: 'PULL' }, { paths: ['/other'], credential: local })).toBe(true);
    expect(await meet({}, { paths: ['/data/photos/2026'], credential: local, remote: { folder: 'other' } })).toBe(
      false,
    );
  });

  test('sections of an rclone.conf that cannot be read may be one', async () => {
    const named = (rcloneRemote: string) => ({ credential: null, remote: { credential: null, rcloneRemote } });
    expect(await meet(named('nas'), { ...named('nas'), paths: ['/other'] })).toBe(true);
    expect(await meet(named('nas'), { ...named('box'), paths: ['/other'] })).toBe(true);
    expect(
      await meet(named('nas'), { ...named('nas'), ...apart, remote: { ...named('nas').remote, folder: 'b' } }),
    ).toBe(false);
  });

  test('one token serves one run at a time, also where we do not know the backend', async () => {
    const reading = (credential: CredentialSpec, folder: string) => ({
      ...{ credential, direction: 'PULL' as const, paths: [`/${folder}`], remote: { folder } },
    });
    const box = { provider: 'box', options: {} };
    expect(await meet(reading(box, 'a'), reading(box, 'b'))).toBe(true);
    const unknown = { provider: 'jottacloud', options: {} };
    expect(await meet(reading(unknown, 'a'), reading(unknown, 'b'))).toBe(true);
    expect(await meet(reading(sftp, 'a'), reading(sftp, 'b'))).toBe(false);
  });
});
