import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPublisher } from '../../../src/run/restore/publisher.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';

async function opened(directory: TemporaryDirectory, followLinks = true) {
  const staging = directory.at('staging');
  const target = directory.at('target');
  await mkdir(staging, { recursive: true });
  await mkdir(target, { recursive: true });
  return { staging, target, publisher: createPublisher({ staging, directory: target, followLinks }) };
}

/** Memory, where it is another file system than that of the directory; else this tests no more than the others do. */
async function otherFileSystem(path: string): Promise<string> {
  const memory = await stat('/dev/shm').catch(() => null);
  const isOther = memory !== null && memory.dev !== (await stat(path)).dev;
  return mkdtemp(join(isOther ? '/dev/shm' : path, 'cloudsync-'));
}

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'sub/a', 'sub/b', 'sub/deep/c', 'other/d'), { maxLength: 6 });

describe('files get their names', () => {
  test('and none that was there is replaced, whatever is announced and whatever is left for the end', async () => {
    await using directory = await temporaryDirectory();
    await fc.assert(
      fc.asyncProperty(names, names, names, async (staged, there, announced) => {
        await rm(directory.at('staging'), { recursive: true, force: true });
        await rm(directory.at('target'), { recursive: true, force: true });
        const { staging, target, publisher } = await opened(directory);
        await writeTree(staging, Object.fromEntries(staged.map((name) => [name, `new ${name}`])));
        await writeTree(target, Object.fromEntries(there.map((name) => [name, 'own'])));

        for (const name of announced) publisher.add(name);
        await publisher.addRest();

        const fresh = staged.filter((name) => !there.includes(name));
        expect(await readTree(target)).toEqual({
          ...Object.fromEntries(fresh.map((name) => [name, `new ${name}`])),
          ...Object.fromEntries(there.map((name) => [name, 'own'])),
        });
        expect(await publisher.settled()).toMatchObject({ files: fresh.length, trouble: null });
      }),
      { numRuns: 40 },
    );
  });

  test('as soon as they are announced, and what is not stays out', async () => {
    await using directory = await temporaryDirectory();
    const { staging, target, publisher } = await opened(directory);
    await writeTree(staging, { 'sub/done': 'done', 'cut off': 'cu' });
    publisher.add('sub/done');
    publisher.add('nothing of that name');
    expect(await publisher.settled()).toEqual({ files: 1, bytes: 4, trouble: null });
    expect(await readTree(target)).toEqual({ 'sub/done': 'done' });
  });

  test('also where they are no UTF-8, with empty folders and the times of folders', async () => {
    await using directory = await temporaryDirectory();
    const { staging, target, publisher } = await opened(directory);
    const odd = Buffer.concat([Buffer.from(`${staging}/odd-`), Buffer.from([0xff])]);
    await writeFile(odd, 'odd');
    await mkdir(join(staging, 'empty'));
    const old = new Date('2020-01-02T03:04:05Z');
    await utimes(join(staging, 'empty'), old, old);

    await publisher.addRest();

    expect(await publisher.settled()).toMatchObject({ files: 1, trouble: null });
    expect((await readdir(target, { encoding: 'latin1' })).toSorted()).toEqual(['empty', 'odd-\xff']);
    expect((await stat(join(target, 'empty'))).mtimeMs).toBe(old.getTime());
  });

  test('also on another file system that is mounted below, where they are copied and never replaced', async () => {
    await using directory = await temporaryDirectory();
    const { staging, target, publisher } = await opened(directory);
    const other = await otherFileSystem(directory.path);
    try {
      await symlink(other, join(target, 'mounted'));
      await writeTree(staging, { 'mounted/a': 'a', 'mounted/b': 'b' });
      await writeTree(other, { b: 'mine' });
      const old = new Date('2020-01-02T03:04:05Z');
      await utimes(join(staging, 'mounted/a'), old, old);

      publisher.add('mounted/a');
      publisher.add('mounted/b');

      expect(await publisher.settled()).toMatchObject({ files: 1, trouble: null });
      expect(await readTree(other)).toEqual({ a: 'a', b: 'mine' });
      expect((await stat(join(other, 'a'))).mtimeMs).toBe(old.getTime());
    } finally {
      await rm(other, { recursive: true });
    }
  });

  test('and none leads out of the directory', async () => {
    await using directory = await temporaryDirectory();
    const { staging, target, publisher } = await opened(directory, false);
    await writeTree(directory.path, { secret: 'secret', 'outside/kept': 'kept' });
    await writeTree(staging, { 'link/a': 'a', 'file/b': 'b' });
    await symlink(directory.at('outside'), join(target, 'link'));
    await writeFile(join(target, 'file'), 'mine');

    for (const name of ['../secret', 'link/../../secret', '/etc/hostname', 'a//b', '.']) publisher.add(name);
    publisher.add('link/a');
    publisher.add('file/b');

    expect(await publisher.settled()).toMatchObject({
      files: 0,
      trouble: expect.stringContaining('is not a directory'),
    });
    expect(await readTree(directory.at('outside'))).toEqual({ kept: 'kept' });
    expect((await readdir(target)).toSorted()).toEqual(['file', 'link']);
  });
});
