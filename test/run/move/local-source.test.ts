import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createArrivals } from '../../../src/run/move/arrivals.ts';
import { isFresh } from '../../../src/run/move/local-files.ts';
import { openLocalSource } from '../../../src/run/move/local-source.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';

async function moved(
  directory: TemporaryDirectory,
  proven: readonly string[],
  meanwhile: () => void = () => {},
  { followSymlinks = false, absent = [] }: { followSymlinks?: boolean; absent?: readonly string[] } = {},
) {
  const { signal } = new AbortController();
  const tree = { root: directory.at('source'), selection: null, followSymlinks };
  const source = await openLocalSource(tree, signal);
  const arrivals = createArrivals((name) => name);
  for (const name of proven) source.proven(name);
  for (const name of proven.filter((each) => !absent.includes(each))) arrivals.add(name, -1);
  meanwhile();
  const removed: string[] = [];
  const removal = await source.remove(arrivals, (name) => removed.push(name));
  return { ...removal, arrivals, names: removed.sort(), left: Object.keys(await readTree(directory.at('source'))) };
}

describe('a local source', () => {
  test('loses what is proven, and nothing else', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a/b/c': '1', 'a/d': '2', e: '3', 'line\nbreak': '4' });
    const { names, left, kept } = await moved(directory, ['a/b/c', 'line\u240abreak']);
    expect([names, left, kept]).toEqual([['a/b/c', 'line\u240abreak'], ['a/d', 'e'], []]);
    expect(await readdir(directory.at('source/a'))).toEqual(['b', 'd']);
  });

  test('keeps what was changed, replaced, or has another time, and what appeared', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { bytes: '1111', same: '2', time: '3', file: '4', gone: '5', plain: '6' });
    const all = ['bytes', 'same', 'time', 'file', 'gone', 'plain', 'later'];
    const { names, kept, failures, left } = await moved(directory, all, () => {
      writeFileSync(directory.at('source/bytes'), '2222');
      writeFileSync(directory.at('source/.new'), '2');
      renameSync(directory.at('source/.new'), directory.at('source/same'));
      utimesSync(directory.at('source/time'), new Date(0), new Date(0));
      rmSync(directory.at('source/file'));
      symlinkSync('plain', directory.at('source/file'));
      rmSync(directory.at('source/gone'));
      writeFileSync(directory.at('source/later'), '7');
    });
    expect([names, failures]).toEqual([['plain'], []]);
    expect(kept.map(({ name, why }) => `${name} ${why}`).sort()).toEqual([
      ...['bytes changed', 'later appeared', 'same changed', 'time changed'],
    ]);
    expect(left).toEqual(['bytes', 'later', 'same', 'time']);
  });

  test('loses both names of one file', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { a: 'x' });
    linkSync(directory.at('source/a'), directory.at('source/b'));
    expect(await moved(directory, ['a', 'b'])).toMatchObject({ names: ['a', 'b'], kept: [], left: [] });
  });

  test('keeps what is not at the destination, and what has the size of it', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { a: 'x', b: 'y', c: 'long' });
    const { names, arrivals } = await moved(directory, ['a', 'b', 'c'], () => {}, { absent: ['a'] });
    expect([names, arrivals.absent, arrivals.alike]).toEqual([['c'], ['a'], ['b']]);
  });

  test('keeps everything where what is not at the destination has changed since', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { a: 'x', c: 'long' });
    const change = () => writeFileSync(directory.at('source/a'), 'changed');
    const { names, arrivals } = await moved(directory, ['a', 'c'], change, { absent: ['a'] });
    expect([names, arrivals.absent, arrivals.alike]).toEqual([[], ['a'], ['c']]);
  });

  test('loses a link that is followed, and not its target', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'deep/a': 'x' });
    await directory.write('elsewhere', 'target');
    symlinkSync('../elsewhere', directory.at('source/link'));
    symlinkSync('..', directory.at('source/deep/loop'));
    const part = { followSymlinks: true };
    expect((await moved(directory, ['link', 'deep/a'], () => {}, part)).names).toEqual(['deep/a', 'link']);
    expect(await readdir(directory.path)).toContain('elsewhere');
  });

  test('names what could not be removed', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'kept/a': 'x', b: 'x' });
    const isRoot = process.getuid?.() === 0;
    const lock = (on: boolean) =>
      isRoot
        ? execFileSync('chattr', [on ? '+i' : '-i', directory.at('source/kept')])
        : chmodSync(directory.at('source/kept'), on ? 0o555 : 0o755);
    lock(true);
    try {
      const { names, failures } = await moved(directory, ['kept/a', 'b']);
      expect([names, failures]).toEqual([['b'], [expect.stringMatching(/^kept\/a: E(?:PERM|ACCES): /)]]);
    } finally {
      lock(false);
    }
  });
});

describe('whether another write could leave the times as they are', () => {
  const at = 1_700_000_000_000;
  const state = (mtimeNs: bigint, ctimeNs = mtimeNs) => ({ link: null, file: { mtimeNs, ctimeNs } as never });
  const second = 1_000_000_000n;

  test.each([
    ['whole seconds, just now', state(1_700_000_000n * second), true],
    ['whole seconds, two seconds ago', state(1_699_999_998n * second), true],
    ['whole seconds, long ago', state(1_699_999_990n * second), false],
    ['an old time that was set just now', state(1n * second, 1_700_000_000n * second), true],
    ['parts of a second', state(1_700_000_000n * second + 1n), false],
  ])('%s: %#', (_, given, fresh) => {
    expect(isFresh(given, at)).toBe(fresh);
  });
});
