import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdir, symlink, utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import type { Safety } from '../../../src/model/task.ts';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startWebdav } from '../../clouds/fakes/webdav.ts';
import { listedS3 } from '../../clouds/listed-s3.ts';
import { credentialSpec, remoteLocation, taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { rclones } from '../../run/real-run.ts';
import { changesOf, tryRun } from './place.ts';

function safety(part: Partial<Safety>): Safety {
  return { ...taskSpec().safety, ...part };
}

const modes = ['COPY', 'SYNC'] as const;
const bySize =
  'files were compared by size only: the two sides have neither modification times nor hashes in common; ' +
  'an edit that keeps the size is not noticed';

describe.each(rclones)('what %s leaves out is named', (binary) => {
  test.each(modes)('%s: links and special files', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    for (let index = 10; index < 22; index += 1) await symlink('a.txt', directory.at(`source/link-${index}`));
    execFileSync('mkfifo', [directory.at('source/pipe')]);
    const { ending } = await tryRun({ transferMode }, { directory, binary });
    expect(ending.outcome).toBe('SucceededWithWarnings');
    expect(ending.warnings).toEqual([
      expect.stringMatching(/^12 symbolic links left out \(link-\d\d, .* and 2 more\); at the source, followSymlinks/),
      expect.stringContaining('1 special file left out, such as a socket, a pipe or a device (pipe)'),
    ]);
    expect(ending.warningDetails).toEqual([
      { reason: 'symlink', count: 12, names: expect.toSatisfy((names: readonly string[]) => names.length === 10) },
      { reason: 'special', count: 1, names: ['pipe'] },
    ]);
  });

  test.each(modes)('%s: two names that are one at the destination, and the side', async (transferMode) => {
    await using directory = await temporaryDirectory();
    const nfc = 'sub/\u00e9.txt';
    const nfd = 'sub/e\u0301.txt';
    await writeTree(directory.at('source'), { [nfc]: 'composed', [nfd]: 'decomposed', 'sub/zzz.txt': 'x' });
    const { ending } = await tryRun({ transferMode }, { directory, binary });
    expect(ending.outcome).toBe('SucceededWithWarnings');
    const [warning = ''] = ending.warnings;
    expect(warning).toContain('1 name left out at the source');
    expect(warning).toContain('(NFC)');
    expect(warning).toContain('(NFD)');
    expect(warning).not.toContain('zzz');
  });

  test.each(modes)('%s: keys of a bucket that are no paths', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await using server = await listedS3(['in/a', 'in//b', 'in/x//c']);
    const { endpoint } = server;
    const options = { provider: 'Other', endpoint, force_path_style: true, access_key_id: 'k', secret_access_key: 's' };
    const { ending } = await tryRun(
      { direction: 'PULL', transferMode, remote: remoteLocation({ bucket: 'bucket', folder: 'in' }) },
      { directory, binary, credential: credentialSpec({ provider: 's3', options }) },
    );
    expect(await readTree(directory.at('source'))).toMatchObject({ a: 'in/a' });
    expect(ending).toMatchObject({ outcome: 'SucceededWithWarnings', lastError: null });
    const detail = ending.warningDetails?.find(({ reason }) => reason === 'misplaced');
    expect(detail?.names).toContain('x/');
    expect(ending.warnings.join('\n')).toMatch(/left out: the key is no path/);
  });

  test.each(modes)('%s: that nothing but sizes was compared', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await using fake = await startWebdav({ vendor: 'other' });
    const { credential, environment } = cloudOf(fake, 'webdav');
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    const trial = { directory, binary, credential: credential as CredentialSpec, environment };
    const remote = remoteLocation({ folder: 'photos' });
    expect((await tryRun({ transferMode, remote }, trial)).ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [bySize],
    });
    const asked = await tryRun({ transferMode, remote, rcloneFlags: { 'size-only': true } }, trial);
    expect(asked.ending.warnings).toEqual([]);
  });
});

describe.each(rclones)('the numbers of %s are what happened', (binary) => {
  const backup = { safety: safety({ backupFolder: '.trash', maxDelete: { kind: 'count', count: 10 } }) };

  test.each([true, false])('files that are replaced, deleted and new, in a dry run: %s', async (dryRun) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('far'), { 'a.txt': 'old', 'b.txt': 'b', 'c.txt': 'c', 'd.txt': 'd' });
    await writeTree(directory.at('source'), { 'a.txt': 'newer', 'new.txt': 'new' });
    for (const spec of [backup, { safety: safety({ maxDelete: { kind: 'count', count: 10 } }) }]) {
      await using other = await temporaryDirectory();
      await writeTree(other.at('far'), { 'a.txt': 'old', 'b.txt': 'b', 'c.txt': 'c', 'd.txt': 'd' });
      await writeTree(other.at('source'), { 'a.txt': 'newer', 'new.txt': 'new' });
      const run = await tryRun({ transferMode: 'SYNC', ...spec }, { directory: other, binary, dryRun });
      expect(run.ending.stats).toMatchObject({ transfers: 2, deletes: 3 });
      expect([...changesOf(run)].sort()).toEqual([
        ...['copy a.txt', 'copy new.txt', 'delete b.txt', 'delete c.txt', 'delete d.txt'],
      ]);
    }
  });

  test('three deletions with a backup folder transfer nothing', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('far'), { 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c', 'd.txt': 'd' });
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    for (const side of ['far', 'source']) await utimes(directory.at(side, 'a.txt'), 1e9, 1e9);
    const { ending } = await tryRun({ transferMode: 'SYNC', ...backup }, { directory, binary });
    expect(ending.stats).toMatchObject({ transfers: 0, deletes: 3 });
  });

  test('a renamed file counts once', async () => {
    await using directory = await temporaryDirectory();
    for (const [side, name] of [
      ['far', 'old.txt'],
      ['source', 'new.txt'],
    ] as const) {
      await writeTree(directory.at(side), { [name]: 'content', 'same.txt': 'same' });
      for (const file of [name, 'same.txt']) await utimes(directory.at(side, file), 1e9, 1e9);
    }
    const flags = { rcloneFlags: { 'track-renames': true } };
    const { ending } = await tryRun({ transferMode: 'SYNC', ...backup, ...flags }, { directory, binary });
    expect(ending.stats).toMatchObject({ transfers: 1, deletes: 0 });
  });
});

describe.each(rclones)('a file that grows while %s reads it', (binary) => {
  test('the failure says where the last good version is', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('far'), { 'big.bin': 'the good one' });
    await mkdir(directory.at('source'));
    await writeTree(directory.at('source'), { 'big.bin': 'x'.repeat(300_000) });
    const source = directory.at('source/big.bin');
    const { ending } = await tryRun(
      {
        transferMode: 'COPY',
        safety: safety({ backupFolder: '.trash' }),
        bandwidthLimit: [{ weekday: null, time: null, limit: { up: 100_000, down: 100_000 } }],
      },
      {
        directory,
        binary,
        react(event) {
          if (event.type === 'RunProgress' && event.progress.bytes > 0) appendFileSync(source, 'more');
        },
      },
    );
    expect(ending.outcome).toBe('Failed');
    expect(ending.lastError).toContain('big.bin');
    expect(ending.lastError).not.toContain('.partial');
    const { '.trash/photos-1/big.bin': kept, 'big.bin': there } = await readTree(directory.at('far'));
    if (there === undefined) {
      expect(kept).toBe('the good one');
      expect(ending.lastError).toContain('the last good version of big.bin at the destination is in .trash/photos-1');
    }
  });
});
