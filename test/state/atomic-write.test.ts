import { chmod, chown, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { removeLeftovers, rewriteDurably, writeAtomically, writeDurably } from '../../src/state/atomic-write.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe.each([
  ['writeDurably', writeDurably, 0o600],
  ['writeAtomically', writeAtomically, 0o644],
] as const)('%s', (_name, write, defaultMode) => {
  test('makes and replaces a file, whatever the umask', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.at('file.json');
    expect(await write(path, 'one')).toEqual({ ok: true, value: undefined });
    expect(await modeOf(path)).toBe(defaultMode);
    await write(path, 'two', 0o666);
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await modeOf(path)).toBe(0o666);
    expect(await readdir(directory.path)).toEqual(['file.json']);
  });

  test('a failure is a value in the words of the system, and leaves nothing behind', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('taken/child'), { recursive: true });
    expect(await write(directory.at('taken'), 'text')).toEqual({
      ok: false,
      error: 'EISDIR: illegal operation on a directory',
    });
    expect(await readdir(directory.path)).toEqual(['taken']);
    expect(await write(directory.at('missing/file'), 'text')).toEqual({
      ok: false,
      error: 'ENOENT: no such file or directory',
    });
  });

  test('whoever reads beside many writers sees a whole text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 2, maxLength: 8 }),
        async (sizes) => {
          await using directory = await temporaryDirectory();
          const path = directory.at('file');
          const texts = sizes.map((size, index) => `${index}`.repeat(size));
          await write(path, texts[0] ?? '');
          let writing = true;
          const writes = Promise.all(texts.map((text) => write(path, text))).finally(() => {
            writing = false;
          });
          while (writing) expect(texts).toContain(await readFile(path, 'utf8'));
          expect((await writes).every((written) => written.ok)).toBe(true);
          expect(texts).toContain(await readFile(path, 'utf8'));
          expect(await readdir(directory.path)).toEqual(['file']);
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('rewriteDurably', () => {
  test('keeps the mode, the owner and the group', async () => {
    await using directory = await temporaryDirectory();
    const path = await directory.write('photos.yaml', 'one');
    // Only root may give a file away; anybody else keeps their own.
    const owner = process.getuid?.() === 0 ? 1234 : (await stat(path)).uid;
    const group = process.getuid?.() === 0 ? 4321 : (await stat(path)).gid;
    await chown(path, owner, group);
    await chmod(path, 0o640);
    expect(await rewriteDurably(path, 'two')).toMatchObject({ ok: true });
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await stat(path)).toMatchObject({ uid: owner, gid: group });
    expect(await modeOf(path)).toBe(0o640);
    expect(await readdir(directory.path)).toEqual(['photos.yaml']);
  });

  test('leaves the file of somebody else alone', async () => {
    await using directory = await temporaryDirectory();
    const path = await directory.write('photos.yaml', 'one');
    const { uid } = await stat(path);
    vi.spyOn(process, 'getuid').mockReturnValue(uid + 1);
    expect(await rewriteDurably(path, 'two')).toEqual({
      ...{ ok: false, error: `it belongs to user ${uid}, and only that user or root can keep it so` },
    });
    expect(await readFile(path, 'utf8')).toBe('one');
  });

  test('makes no file that is not there', async () => {
    await using directory = await temporaryDirectory();
    expect(await rewriteDurably(directory.at('photos.yaml'), 'two')).toEqual({
      ...{ ok: false, error: 'ENOENT: no such file or directory' },
    });
    expect(await readdir(directory.path)).toEqual([]);
  });
});

test('removeLeftovers takes the temporary files of dead writers and nothing else', async () => {
  await using directory = await temporaryDirectory();
  await directory.write('.photos.json.123.0123456789ab.tmp', '');
  await directory.write('.other.tmp', '');
  await directory.write('photos.json', '');
  await removeLeftovers(directory.path);
  expect((await readdir(directory.path)).sort()).toEqual(['.other.tmp', 'photos.json']);
  await removeLeftovers(directory.at('missing'));
});
