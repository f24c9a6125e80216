import { chmod } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import type { FakeCloud } from '../../clouds/fakes/fake-cloud.ts';
import { startWebdav } from '../../clouds/fakes/webdav.ts';
import { remoteLocation } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { rclones } from '../../run/real-run.ts';
import { startBucket } from './bucket-server.ts';
import { tryRun } from './place.ts';

const move = { transferMode: 'MOVE' } as const;
const composed = 'caf\u00e9.txt';
const decomposed = 'cafe\u0301.txt';

describe.each(rclones)('names in a MOVE by %s', (binary) => {
  function trialAt(directory: TemporaryDirectory, fake: FakeCloud, provider: string) {
    const { credential, environment } = cloudOf(fake, provider);
    return { directory, binary, credential: credential as CredentialSpec, environment };
  }

  test.each(['PUSH', 'PULL'] as const)('that differ in how Unicode writes them block a %s', async (direction) => {
    await using directory = await temporaryDirectory();
    const from = direction === 'PUSH' ? 'source' : 'far';
    const files = { [composed]: 'one', [decomposed]: 'other', 'z.txt': 'z' };
    await writeTree(directory.at(from), files);
    for (const dryRun of [true, false]) {
      const { ending } = await tryRun({ ...move, direction }, { directory, binary, dryRun });
      expect(ending).toMatchObject({
        outcome: 'Blocked',
        lastError: expect.stringMatching(
          /differ only in how Unicode writes them: cafe\u0301\.txt \(cafe\\u\{301\}\.txt\) and/,
        ),
      });
    }
    expect(await readTree(directory.at(from))).toEqual(files);
    expect(await readTree(directory.at(direction === 'PUSH' ? 'far' : 'source'))).toEqual({});
    const { ending } = await tryRun({ ...move, direction, exclude: [decomposed] }, { directory, binary });
    expect(ending.outcome).toBe('Succeeded');
  });

  test('that differ in case are two files where the destination tells them apart', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'A.txt': 'large', 'a.txt': 'small' });
    const { ending } = await tryRun(move, { directory, binary });
    expect(ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 2 } });
    expect(await readTree(directory.at('far'))).toEqual({ 'A.txt': 'large', 'a.txt': 'small' });
  });

  test('that differ in case block it where the provider takes them for one', async () => {
    await using directory = await temporaryDirectory();
    await using fake = await startDropbox();
    await writeTree(directory.at('source'), { 'A.txt': 'large', 'a.txt': 'small' });
    const { ending } = await tryRun(move, trialAt(directory, fake, 'dropbox'));
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/only in case.*A\.txt and a\.txt/),
    });
    expect(fake.files().size).toBe(0);
    expect(await readTree(directory.at('source'))).toEqual({ 'A.txt': 'large', 'a.txt': 'small' });
  });

  test('that differ in case block it where a name at the destination shows that they are one', async () => {
    await using directory = await temporaryDirectory();
    await using fake = await startWebdav({ vendor: 'other', ignoresCase: true });
    const trial = trialAt(directory, fake, 'webdav');
    await writeTree(directory.at('source'), { 'there.txt': 'x' });
    expect((await tryRun({ transferMode: 'COPY' }, trial)).ending.outcome).toBe('SucceededWithWarnings');
    await writeTree(directory.at('source'), { 'A.txt': 'large', 'a.txt': 'small' });
    expect((await tryRun(move, trial)).ending.outcome).toBe('Blocked');
    expect(fake.files().size).toBe(1);
  });

  test('that turn out to be one at the destination both stay at the source', async () => {
    await using directory = await temporaryDirectory();
    await using fake = await startWebdav({ vendor: 'other', ignoresCase: true });
    const files = { 'A.txt': 'large', 'a.txt': 'small' };
    await writeTree(directory.at('source'), { ...files, 'b.txt': 'b' });
    const { ending } = await tryRun(move, trialAt(directory, fake, 'webdav'));
    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: expect.stringMatching(
        /^1 file is not at the destination under its name.*: [Aa]\.txt; 1 file of the same size .*: [Aa]\.txt; /,
      ),
    });
    expect(await readTree(directory.at('source'))).toEqual(files);
  });

  const long = 'long-'.repeat(10);
  test.each<[string, (name: string) => string, string, string]>([
    ['drops a dot at the end', (name) => name.replace(/[. ]+$/, ''), 'a', 'a.'],
    ['drops a blank at the start', (name) => name.trimStart(), 'a', ' a'],
    ['cuts long names', (name) => name.slice(0, 50), long, `${long}2`],
    ['takes other letters for one', (name) => name.replace(/[^ -~]/g, '?'), '\u4e2d', '\u6587'],
    ['replaces what it refuses', (name) => name.replace(/:/g, '_'), 'a_b', 'a:b'],
    ['folds case in full', (name) => name.toUpperCase().toLowerCase(), 'stra\u00dfe', 'strasse'],
    ['drops letters without width', (name) => name.replace(/\u200b/g, ''), 'ab', 'a\u200bb'],
    ['renames folders', (name) => name.replace(/\.$/, ''), 'in/x', 'in./x'],
  ])('on a server that %s stay at the source', async (_, rename, one, other) => {
    await using directory = await temporaryDirectory();
    await using fake = await startWebdav({ vendor: 'other', rename });
    const pair = { [one]: 'one', [other]: 'two' };
    await writeTree(directory.at('source'), { ...pair, 'more/other size': 'large' });
    const { ending } = await tryRun(move, trialAt(directory, fake, 'webdav'));
    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: expect.stringMatching(/^[12] files? (?:is|are) not at the destination under (?:its|their) name/),
      stats: { deletes: 1 },
    });
    expect(await readTree(directory.at('source'))).toEqual(pair);
    expect(fake.files().get('more/other size')?.toString()).toBe('large');
  });

  test('that the destination keeps in other capitals move where that is one name', async () => {
    await using directory = await temporaryDirectory();
    await using fake = await startDropbox();
    fake.put('A.txt', 'old');
    await writeTree(directory.at('source'), { 'a.txt': 'newer' });
    const { ending } = await tryRun(move, trialAt(directory, fake, 'dropbox'));
    expect(ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 1 } });
    expect([...fake.files().values()].map(String)).toEqual(['newer']);
  });

  test('stay at a remote source where the destination does not list them', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('far'), { a: 'one', b: 'two', c: 'large' });
    const hiding = `#!/bin/sh\ncase "$*" in lsjson*/source) rm -f "${directory.at('source/a')}";; esac\nexec ${binary} "$@"\n`;
    await directory.write('rclone', hiding);
    await chmod(directory.at('rclone'), 0o755);
    const { ending } = await tryRun({ ...move, direction: 'PULL' }, { directory, binary: directory.at('rclone') });
    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: expect.stringMatching(/^1 file is not at the destination.*: a; 1 file of the same size .*: b; /),
      stats: { deletes: 1 },
    });
    expect(await readTree(directory.at('far'))).toEqual({ a: 'one', b: 'two' });
  });

  test('stay at the source where the destination cannot be listed', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    const refusing = `#!/bin/sh\ncase "$*" in lsjson*/far) echo '{"level":"error","msg":"the server went away"}' >&2; exit 1;; esac\nexec ${binary} "$@"\n`;
    await directory.write('rclone', refusing);
    await chmod(directory.at('rclone'), 0o755);
    const { ending } = await tryRun(move, { directory, binary: directory.at('rclone') });
    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: expect.stringMatching(/^1 file is not at the destination.*could not be listed: the server went away$/),
    });
    expect(await readTree(directory.at('source'))).toEqual({ 'a.txt': 'a' });
  });

  test('that rclone cannot reach in a bucket block it', async () => {
    await using directory = await temporaryDirectory();
    await using bucket = await startBucket({
      'in/a': 'a',
      'in//b': 'b',
      'in/x//c': 'c',
      'in/./x': 'x',
      'in/ok/d': 'd',
    });
    const credential = {
      provider: 's3',
      options: {
        provider: 'Other',
        endpoint: bucket.endpoint,
        force_path_style: true,
        access_key_id: { fromEnv: 'S3_KEY' },
        secret_access_key: { fromEnv: 'S3_KEY' },
      },
    };
    const environment = { S3_KEY: 'key' };
    const part = { ...move, direction: 'PULL', remote: remoteLocation({ bucket: 'box', folder: 'in' }) } as const;
    const trial = { directory, binary, credential, environment };
    const { ending } = await tryRun(part, trial);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/^3 names at the source here:box\/in cannot be moved.*\/b.*x\/\/c/),
    });
    const filtered = await tryRun({ ...part, exclude: ['*.tmp'] }, trial);
    expect(filtered.ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('x//') });
    expect([bucket.objects.size, await readTree(directory.at('source'))]).toEqual([5, {}]);
    for (const key of ['in//b', 'in/x//c', 'in/./x']) bucket.objects.delete(key);
    expect((await tryRun(part, trial)).ending).toMatchObject({ outcome: 'Succeeded', stats: { deletes: 2 } });
    expect([bucket.objects.size, await readTree(directory.at('source'))]).toEqual([0, { a: 'a', 'ok/d': 'd' }]);
  });

  test('of files that could not be looked at again are told, and the run has failed', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('far'), { 'a.txt': 'a' });
    const refusing = `#!/bin/sh\ncase "$*" in lsjson*--files-from-raw*) echo '{"level":"error","msg":"the server went away"}' >&2; exit 1;; esac\nexec ${binary} "$@"\n`;
    await directory.write('rclone', refusing);
    await chmod(directory.at('rclone'), 0o755);
    const { ending } = await tryRun({ ...move, direction: 'PULL' }, { directory, binary: directory.at('rclone') });
    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: 'could not be removed from the source: a.txt: the server went away',
    });
    expect(await readTree(directory.at('far'))).toEqual({ 'a.txt': 'a' });
  });

  test('of files that could not be removed are told, and the run has failed', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('far'), { 'a.txt': 'a' });
    const refusing = `#!/bin/sh\ncase "$1" in delete) echo '{"level":"error","msg":"permission denied","object":"a.txt"}' >&2; exit 1;; esac\nexec ${binary} "$@"\n`;
    await directory.write('rclone', refusing);
    await chmod(directory.at('rclone'), 0o755);
    const { ending } = await tryRun({ ...move, direction: 'PULL' }, { directory, binary: directory.at('rclone') });
    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: expect.stringMatching(/^could not be removed from the source: a\.txt: .*permission denied/),
      stats: { transfers: 1, deletes: 0 },
    });
    expect(await readTree(directory.at('source'))).toEqual({ 'a.txt': 'a' });
  });
});
