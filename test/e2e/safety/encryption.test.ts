import { copyFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { KeyPrint, TaskMemory } from '../../../src/model/memory.ts';
import type { Encryption, TaskSpec } from '../../../src/model/task.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { rclones } from '../../run/real-run.ts';
import { type Trial, type TriedRun, tryRun } from './place.ts';

const right = { PASSWORD: 'password', SALT: 'salt' };
const wrong = { PASSWORD: 'another password', SALT: 'salt' };

function encryption(filenames: boolean): Encryption {
  return { password: { fromEnv: 'PASSWORD' }, salt: { fromEnv: 'SALT' }, filenames };
}

const files = {
  'a.txt': 'a',
  'deep/b.txt': 'b',
  'deep/c.txt': 'c',
  'deep/down/d.txt': 'd',
  'e.txt': 'e',
  'f.txt': 'f',
};

describe.each(rclones)('an encrypted far side, by %s', (binary) => {
  async function filled(directory: TemporaryDirectory, filenames: boolean): Promise<void> {
    await writeTree(directory.at('source'), files);
    const { ending } = await tryRun({ encryption: encryption(filenames) }, { directory, binary, environment: right });
    expect(ending).toMatchObject({ outcome: 'Succeeded', warnings: [] });
  }

  async function bothSides(directory: TemporaryDirectory) {
    return { here: await readTree(directory.at('source')), there: await readTree(directory.at('far')) };
  }

  const runs = (['PUSH', 'PULL'] as const).flatMap((direction) =>
    (['COPY', 'SYNC', 'MOVE'] as const).map((transferMode) => [direction, transferMode] as const),
  );

  test.each(runs)('with names in plain and another password, %s %s is Blocked', async (direction, transferMode) => {
    await using directory = await temporaryDirectory();
    await filled(directory, false);
    await writeTree(directory.at('source'), { 'a.txt': 'precious', 'new.txt': 'new' });
    const before = await bothSides(directory);
    const part = { direction, transferMode, encryption: encryption(false) };
    const { ending } = await tryRun(part, { directory, binary, environment: wrong });
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/cannot be decrypted: the encryption password or the salt is not the one/),
    });
    expect(await bothSides(directory)).toEqual(before);
  });

  test('MOVE sends also a file that is there with the same size and time, since it may have another key', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'z.txt': 'z' });
    const part = { encryption: encryption(false) };
    await tryRun(part, { directory, binary, environment: wrong });
    await rename(directory.at('far'), directory.at('old'));
    await filled(directory, false);
    await copyFile(directory.at('old/z.txt.bin'), directory.at('far/z.txt.bin'));
    const { mtime } = await stat(directory.at('source/z.txt'));
    await utimes(directory.at('far/z.txt.bin'), mtime, mtime);
    const trial = { directory, binary, environment: right };
    const moved = await tryRun({ ...part, transferMode: 'MOVE' }, trial);
    expect(moved.ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 7, deletes: 7 } });
    expect((await tryRun({ ...part, direction: 'PULL' }, trial)).ending.outcome).toBe('Succeeded');
    expect(await readTree(directory.at('source'))).toEqual({ ...files, 'z.txt': 'z' });
  });

  test.each([true, false])('a file is found in sub-folders, names encrypted: %s', async (filenames) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'only/folders/here.txt': 'x', 'only/empty.txt': '' });
    const part = { encryption: encryption(filenames) };
    expect((await tryRun(part, { directory, binary, environment: right })).ending.outcome).toBe('Succeeded');
    expect((await tryRun(part, { directory, binary, environment: wrong })).ending.outcome).toBe('Blocked');
    expect((await tryRun(part, { directory, binary, environment: right })).ending.outcome).toBe('Succeeded');
  });

  test('another setting of filenames is another way to read what is there', async () => {
    await using directory = await temporaryDirectory();
    await filled(directory, true);
    const { ending } = await tryRun({ encryption: encryption(false) }, { directory, binary, environment: right });
    expect(ending.outcome).toBe('Blocked');
  });

  test.each([
    ['PUSH', 'SYNC'],
    ['PUSH', 'COPY'],
    ['PULL', 'COPY'],
  ] as const)('single foreign names do not stop %s %s, and are not touched', async (direction, transferMode) => {
    await using directory = await temporaryDirectory();
    await filled(directory, true);
    const [folder = ''] = (await readdir(directory.at('far'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    await writeFile(directory.at('far', '.DS_Store'), 'foreign');
    await writeFile(directory.at('far', folder, 'Thumbs.db'), 'foreign');
    if (direction === 'PUSH') await writeTree(directory.at('source'), { 'new.txt': 'new' });
    else await rm(directory.at('source', 'a.txt'));
    const part = { direction, transferMode, encryption: encryption(true) };
    const { ending } = await tryRun(part, { directory, binary, environment: right });
    expect(ending).toMatchObject({ outcome: 'SucceededWithWarnings', stats: { transfers: 1 } });
    expect(ending.warnings.join()).toMatch(/2 names? could not be decrypted|2 names could not be decrypted/);
    const there = await readTree(directory.at('far'));
    expect(there).toMatchObject({ '.DS_Store': 'foreign', [`${folder}/Thumbs.db`]: 'foreign' });
    expect(await readTree(directory.at('source'))).toMatchObject(files);
  });

  test('a PULL SYNC copies what it can read and deletes nothing, the dry run says so', async () => {
    await using directory = await temporaryDirectory();
    await filled(directory, true);
    await writeFile(directory.at('far', '.DS_Store'), 'foreign');
    await rm(directory.at('source', 'a.txt'));
    await writeTree(directory.at('source'), { 'only-here.txt': 'precious' });
    const part = { direction: 'PULL', transferMode: 'SYNC', encryption: encryption(true) } as const;
    const dry = await tryRun(part, { directory, binary, environment: right, dryRun: true });
    const real = await tryRun(part, { directory, binary, environment: right });
    for (const { ending } of [dry, real]) {
      expect(ending.outcome).toBe('SucceededWithWarnings');
      expect(ending.warnings.join()).toMatch(/1 name at the source cannot be decrypted, so nothing is deleted/);
    }
    const changes = dry.events.flatMap((event) => (event.type === 'RunChange' ? [event.change] : []));
    expect(changes.map(({ action, path }) => `${action} ${path}`)).toEqual(['copy a.txt']);
    expect(await readTree(directory.at('source'))).toEqual({ ...files, 'only-here.txt': 'precious' });
    await rm(directory.at('far', '.DS_Store'));
    expect((await tryRun(part, { directory, binary, environment: right })).ending.outcome).toBe('Succeeded');
    expect(await readTree(directory.at('source'))).toEqual(files);
  });
});

describe('a fingerprint of the key', () => {
  const [binary = 'rclone'] = rclones;
  const nothingToTry = { 'empty.txt': '' };

  async function remembering(part: Partial<TaskSpec>, trial: Trial, key: KeyPrint | null) {
    const notes: Partial<TaskMemory>[] = [];
    const run: TriedRun = await tryRun({ encryption: encryption(false), ...part }, { ...trial, key, notes });
    const noted = notes.find((patch) => patch.key !== undefined)?.key ?? null;
    return { ...run, noted };
  }

  test('tells that it was changed where nothing can be tried', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), nothingToTry);
    const trial = { directory, binary, environment: right };
    const first = await remembering({}, trial, null);
    expect(first.ending.outcome).toBe('Succeeded');
    expect(JSON.stringify(first.noted)).not.toMatch(/password/);

    const same = await remembering({}, trial, first.noted);
    expect([same.ending.outcome, same.ending.warnings, same.noted]).toEqual(['Succeeded', [], null]);
    const changed = await remembering({}, { ...trial, environment: wrong }, first.noted);
    expect(changed.ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(
        /^the encryption password or the salt has changed, and no file at .* can be read/,
      ),
    });
    const unknown = await remembering({}, trial, null);
    expect(unknown.ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringMatching(/^the encryption key could not be tried/)],
    });
  });

  test('of an empty place is replaced', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), nothingToTry);
    const trial = { directory, binary, environment: right };
    const { noted } = await remembering({}, trial, null);
    await rm(directory.at('far'), { recursive: true });
    const other = await remembering({}, { ...trial, environment: wrong }, noted);
    expect(other.ending.outcome).toBe('Succeeded');
    expect(other.noted).not.toBeNull();
    expect(other.noted).not.toEqual(noted);
  });

  test('lets a PUSH write again what was cut off, and no PULL read it', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a longer text' });
    const trial = { directory, binary, environment: right };
    const { noted } = await remembering({}, trial, null);
    const [name = ''] = await readdir(directory.at('far'));
    const content = Object.values(await readTree(directory.at('far')))[0] ?? '';
    expect(content.length).toBeGreaterThan(0);
    await writeFile(directory.at('far', name), Buffer.concat([Buffer.from('RCLONE\0\0'), Buffer.alloc(60, 1)]));
    const pulled = await remembering({ direction: 'PULL' }, trial, noted);
    expect(pulled.ending.outcome).toBe('Blocked');
    const pushed = await remembering({}, trial, noted);
    expect(pushed.ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringMatching(/cannot be decrypted.*the key has not changed, so it is written again/)],
      stats: { transfers: 1 },
    });
    expect((await remembering({}, trial, noted)).ending.outcome).toBe('Succeeded');
  });
});
