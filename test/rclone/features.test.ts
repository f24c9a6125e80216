import { describe, expect, test } from 'vitest';
import { rcloneEnvironment } from '../../src/rclone/environment.ts';
import { comparedBy, parseFeatures, readFeatures } from '../../src/rclone/features.ts';
import { rclones } from '../run/real-run.ts';

const webdav = (vendor: string) => ({ url: 'http://127.0.0.1:9/remote.php/dav/files/a', vendor });
const remotes = [
  { name: 'plain', type: 'webdav', options: webdav('other'), obscured: [] },
  { name: 'next', type: 'webdav', options: webdav('nextcloud'), obscured: [] },
  { name: 'disk', type: 'local', options: {}, obscured: [] },
  { name: 'stiff', type: 'local', options: { no_set_modtime: 'true' }, obscured: [] },
  { name: 'crypt', type: 'crypt', options: { remote: 'disk:/tmp', password: 'x' }, obscured: ['password'] },
];
const environment = rcloneEnvironment({ remotes, parent: process.env, timeZone: null });
const { signal } = new AbortController();

const nothingElse = { foldsCase: false, listsHashes: false, slowTimes: false, buckets: false };

describe.each(rclones)('the features of a remote, by %s', (binary) => {
  test.each([
    ['plain:photos', { times: false, hashes: [] }],
    ['next:photos', { times: true, hashes: expect.arrayContaining(['sha1']) }],
    ['disk:/nowhere', { times: true, hashes: expect.arrayContaining(['md5', 'sha256']) }],
    ['stiff:/tmp', { times: false, hashes: expect.arrayContaining(['md5']) }],
    ['/nowhere', { times: true, hashes: expect.arrayContaining(['md5', 'sha256']) }],
    ['crypt:', { times: true, hashes: [] }],
  ])('%s', async (place, value) => {
    expect(await readFeatures(binary, environment, place, signal)).toMatchObject({ ok: true, value });
  });

  test('fails with a sentence', async () => {
    expect(await readFeatures(binary, environment, 'nobody:x', signal)).toEqual({
      ok: false,
      error: {
        message: 'rclone knows no remote of this name (no section in its configuration)',
        retryable: false,
        expired: false,
      },
    });
  });
});

test.each(['', 'no', '[]', '{"Hashes":["md5"]}'])('output that describes no features: %j', (text) => {
  expect(parseFeatures(text)).toBeNull();
});

test('a remote without any hash', () => {
  expect(parseFeatures('{"Precision":1,"Hashes":null}')).toEqual({
    times: true,
    hashes: [],
    foldsCase: false,
    listsHashes: false,
    slowTimes: false,
    buckets: false,
  });
});

test.each([
  ['time', { times: true, hashes: [] }, {}],
  ['size', { times: false, hashes: [] }, {}],
  // rclone looks at hashes only where times differ, or where it is asked to.
  ['size', { times: false, hashes: ['md5'] }, {}],
  ['hash', { times: false, hashes: ['md5'] }, { checksum: true }],
  ['size', { times: true, hashes: [] }, { checksum: true }],
  ['size', { times: true, hashes: ['md5'] }, { 'size-only': true }],
] as const)('files of one size are compared by %s', (by, features, flags) => {
  expect(comparedBy({ ...nothingElse, ...features }, flags)).toBe(by);
});
