import { mkdir, rm, symlink, utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ReadManifest, readManifest } from '../../src/source/manifest-file.ts';
import type { Candidate } from '../../src/source/walk.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

function candidate(directory: TemporaryDirectory, kind: Candidate['kind'] = 'file'): Omit<Candidate, 'name'> {
  return { path: 'a.yaml', absolutePath: directory.at('a.yaml'), kind };
}

function read(directory: TemporaryDirectory, previous?: ReadManifest, kind?: Candidate['kind']): ReadManifest {
  const reading = readManifest(candidate(directory, kind), directory.path, previous);
  if (reading === 'changed') throw new Error('the file changed');
  return reading;
}

const other = { state: 'readable', path: 'a.yaml', sha256: '', text: 'from before' } as const;

describe('reading again', () => {
  test('is saved when the same stamp was already old at the first reading', async () => {
    await using directory = await temporaryDirectory();
    await utimes(await directory.write('a.yaml', '1'), new Date(1_000_000), new Date(1_000_000));
    const first = read(directory);
    expect(first.settled).toBe(true);
    expect(read(directory, first)).toBe(first);
    expect(read(directory, { ...first, stamp: 'another' })).toEqual(first);
  });

  test('is not saved for a file that was young: it may have changed twice within one tick of the clock', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('a.yaml', '1');
    const first = read(directory);
    expect(first.settled).toBe(false);
    expect(read(directory, { ...first, file: other })).toEqual(first);
    expect(read(directory, { ...first, file: other, settled: true }).file).toBe(other);
  });

  test('is not saved for a file from the future', async () => {
    await using directory = await temporaryDirectory();
    const future = new Date(Date.now() + 3_600_000);
    await utimes(await directory.write('a.yaml', '1'), future, future);
    expect(read(directory).settled).toBe(false);
  });
});

describe('what has changed since it was listed', () => {
  test.each(['file', 'link', 'other'] as const)('a %s that is gone', async (kind) => {
    await using directory = await temporaryDirectory();
    expect(readManifest(candidate(directory, kind), directory.path, undefined)).toBe('changed');
  });

  test('a folder above it that has become a file', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('sub', '');
    const inside = { path: 'sub/a.yaml', absolutePath: directory.at('sub/a.yaml'), kind: 'file' } as const;
    expect(readManifest(inside, directory.path, undefined)).toBe('changed');
  });

  test('a file that has become a link or a directory is not read', async () => {
    await using directory = await temporaryDirectory();
    await symlink('/etc/passwd', directory.at('a.yaml'));
    expect(read(directory).file).toMatchObject({ state: 'refused', reason: 'NotRegular' });
    await rm(directory.at('a.yaml'));
    await mkdir(directory.at('a.yaml'));
    expect(read(directory).file).toMatchObject({ detail: 'it is a directory' });
  });

  test('a device', () => {
    const device = { path: 'null.yaml', absolutePath: '/dev/null', kind: 'other' } as const;
    expect(readManifest(device, '/dev', undefined)).toMatchObject({ file: { detail: 'it is a device' } });
  });
});

test('a name that is too long to be asked for is not taken for one that is gone', async () => {
  await using directory = await temporaryDirectory();
  const long = { path: 'a.yaml', absolutePath: directory.at('x'.repeat(300)), kind: 'file' } as const;
  expect(readManifest(long, directory.path, undefined)).toMatchObject({
    file: { reason: 'Unreadable', detail: 'ENAMETOOLONG: name too long' },
  });
});
