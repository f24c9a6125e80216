import { chmod, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { Encryption, TaskSpec } from '../../src/model/task.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { localTask, rclone } from './local-task.ts';
import { type RealRun, rclones, realRun, realTools } from './real-run.ts';

const encryption: Encryption = { password: { fromEnv: 'PASSWORD' }, salt: { fromEnv: 'SALT' }, filenames: true };
const right = { ...process.env, PASSWORD: 'password', SALT: 'salt' };
const wrong = { ...right, PASSWORD: 'not the password' };

/** From rclone's own documentation of names, made with this password and salt by 1.60 and 1.75. */
const known = { plain: 'paper', encrypted: '59ch441ek70nen3qgp1qmg2gug' };

async function run(
  directory: TemporaryDirectory,
  binary: string,
  part: Partial<TaskSpec>,
  environment: NodeJS.ProcessEnv = right,
): Promise<RealRun & { readonly task: ResolvedTask }> {
  const task = await localTask(directory, 'photos', { encryption, ...part });
  return { task, ...(await realRun(task, realTools(directory, { environment }, binary))) };
}

/** Pushes the files encrypted, and then leaves others at the source. */
async function pushed(directory: TemporaryDirectory, binary: string, files: Readonly<Record<string, string>>) {
  await writeTree(directory.at('source'), files);
  const { ending } = await run(directory, binary, {});
  expect(ending).toMatchObject({ outcome: 'Succeeded' });
  await rm(directory.at('source'), { recursive: true });
}

async function bothSides(directory: TemporaryDirectory) {
  return { here: await readTree(directory.at('source')), there: await readTree(directory.at('remote')) };
}

describe.each(rclones)('encryption by %s', { timeout: 60_000 }, (binary) => {
  test('what was pushed is unreadable there, and comes back as it was', async () => {
    await using directory = await temporaryDirectory();
    const files = { [known.plain]: 'a secret letter', 'deep/down/b.txt': 'another' };
    await pushed(directory, binary, files);
    const there = await readTree(directory.at('remote/photos'));
    expect(Object.keys(there)).toContain(known.encrypted);
    expect(JSON.stringify(there)).not.toMatch(/paper|deep|down|letter|another/);
    for (const transferMode of ['COPY', 'SYNC'] as const) {
      const { ending } = await run(directory, binary, { direction: 'PULL', transferMode });
      expect(ending).toMatchObject({ outcome: 'Succeeded' });
      expect(await readTree(directory.at('source'))).toEqual(files);
    }
  });

  test('with filenames off, names stay and contents do not', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/deep/paper', 'a secret letter');
    const off = { ...encryption, filenames: false };
    expect((await run(directory, binary, { encryption: off })).ending).toMatchObject({ outcome: 'Succeeded' });
    const there = await readTree(directory.at('remote/photos'));
    expect(Object.keys(there)).toEqual(['deep/paper.bin']);
    expect(there['deep/paper.bin']).not.toContain('letter');
    await rm(directory.at('source'), { recursive: true });
    const pulled = await run(directory, binary, { encryption: off, direction: 'PULL', transferMode: 'SYNC' });
    expect(pulled.ending).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('source'))).toEqual({ 'deep/paper': 'a secret letter' });
  });

  test.each([
    ['PULL', 'COPY'],
    ['PULL', 'SYNC'],
    ['PUSH', 'COPY'],
    ['PUSH', 'SYNC'],
  ] as const)('with another password, %s %s is refused and touches nothing', async (direction, transferMode) => {
    await using directory = await temporaryDirectory();
    await pushed(directory, binary, { 'a.txt': 'a', 'b.txt': 'b' });
    await writeTree(directory.at('source'), { 'precious.txt': 'precious' });
    const before = await bothSides(directory);
    const { ending, heard } = await run(directory, binary, { direction, transferMode }, wrong);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/^2 of the 2 names at here:photos cannot be decrypted: the encryption password/),
    });
    expect(await bothSides(directory)).toEqual(before);
    expect(heard.pids).toEqual([]);
    expect(JSON.stringify([ending, heard.events])).not.toContain('not the password');
  });

  test('another salt is another password', async () => {
    await using directory = await temporaryDirectory();
    await pushed(directory, binary, { 'a.txt': 'a' });
    const { ending } = await run(directory, binary, { direction: 'PULL' }, { ...right, SALT: 'pepper' });
    expect(ending).toMatchObject({ outcome: 'Blocked' });
  });

  test('a name that another password gives a meaning by chance does not make the others readable', async () => {
    await using directory = await temporaryDirectory();
    // One in 200 or so does: the padding is all that tells, and before 1.66 rclone takes it for a name.
    await pushed(directory, binary, { 'file-163': 'x', 'file-164': 'x', 'file-165': 'x' });
    await writeTree(directory.at('source'), { 'precious.txt': 'precious' });
    const before = await bothSides(directory);
    const { ending } = await run(directory, binary, { transferMode: 'COPY' }, wrong);
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringMatching(/^2 of the 3 names/) });
    expect(await bothSides(directory)).toEqual(before);
  });

  test.each([
    ['names that are encrypted', true, 'c.txt'],
    ['names that are not', false, 'c.txt'],
  ] as const)('SYNC of a source that can be read in part deletes nothing: %s', async (_, filenames, stray) => {
    await using directory = await temporaryDirectory();
    const given = { ...encryption, filenames };
    await writeTree(directory.at('source'), { 'deep/a.txt': 'a', 'deep/b.txt': 'b' });
    expect((await run(directory, binary, { encryption: given })).ending).toMatchObject({ outcome: 'Succeeded' });
    const [folder = ''] = Object.keys(await readTree(directory.at('remote/photos'))).map((path) => path.split('/')[0]);
    await writeFile(directory.at('remote/photos', folder, stray), 'never encrypted');
    await directory.write('source/deep/c.txt', 'precious');
    const before = await bothSides(directory);
    const part = { encryption: given, direction: 'PULL', transferMode: 'SYNC' } as const;
    const { ending, heard } = await run(directory, binary, part);
    expect(await bothSides(directory)).toEqual(before);
    expect(JSON.stringify(heard.events)).not.toContain('RCLONE_CONFIG');
    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: expect.arrayContaining([
        expect.stringMatching(/^1 name at the source cannot be decrypted, so nothing is deleted/),
      ]),
    });
  });

  test('COPY of a source that can be read in part does not claim to be complete', async () => {
    await using directory = await temporaryDirectory();
    await pushed(directory, binary, { 'deep/a.txt': 'a' });
    const [path = ''] = Object.keys(await readTree(directory.at('remote/photos')));
    await writeFile(directory.at('remote/photos', dirname(path), 'c.txt'), 'never encrypted');
    const { ending } = await run(directory, binary, { direction: 'PULL' });
    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringMatching(/^1 name could not be decrypted/)],
    });
  });

  test('a place that is empty, or not there yet, takes any password', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'a');
    expect((await run(directory, binary, {}, wrong)).ending).toMatchObject({ outcome: 'Succeeded' });
    await rm(directory.at('remote/photos'), { recursive: true });
    const task = await localTask(directory, 'photos', { encryption });
    await rm(directory.at('remote/photos'), { recursive: true });
    const heard = realTools(directory, { environment: right }, binary);
    expect((await realRun(task, heard)).ending).toMatchObject({ outcome: 'Succeeded' });
  });
});

test('a password that is missing says so, and leaves nothing of the remote behind', async () => {
  await using directory = await temporaryDirectory();
  const task = await localTask(directory, 'photos', { encryption });
  const { ending } = await realRun(task, realTools(directory, { environment: {} }));
  expect(ending).toMatchObject({
    outcome: 'Failed',
    lastError:
      'encryption: option password: environment variable PASSWORD is not set for this test; ' +
      'option salt: environment variable SALT is not set for this test',
  });
});

describe('the search for unreadable names before 1.66', { timeout: 60_000 }, () => {
  /** The real rclone, but for what it does on a dry run. */
  async function onDryRun(directory: TemporaryDirectory, then: string) {
    await pushed(directory, rclone, { 'a.txt': 'a' });
    await writeTree(directory.at('source'), { 'precious.txt': 'precious' });
    const inCase = `case " $* " in *" --dry-run "*) ${then};; esac`;
    const binary = await directory.write('rclone', `#!/bin/sh\n${inCase}\nexec ${rclone} "$@"\n`);
    await chmod(binary, 0o755);
    const value = { path: binary, version: [1, 60, 1], versionText: 'v1.60.1' } as const;
    const heard = realTools(
      directory,
      { environment: right, inspectBinary: async () => ({ ok: true, value }) },
      binary,
    );
    const task = await localTask(directory, 'photos', { encryption, direction: 'PULL', transferMode: 'SYNC' });
    return { heard, task };
  }

  test('that does not come to its end lets nothing be deleted', async () => {
    await using directory = await temporaryDirectory();
    const line = JSON.stringify({ level: 'error', msg: 'the server went away' });
    const { heard, task } = await onDryRun(directory, `echo '${line}' >&2; exit 1`);
    const { ending } = await realRun(task, heard);
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: 'the server went away' });
    expect(await readTree(directory.at('source'))).toEqual({ 'precious.txt': 'precious' });
    expect(heard.pids).toHaveLength(1);
  });

  test.each([
    ['sleep 1000', 'rclone was stopped on the way'],
    ["trap 'exit 0' TERM; sleep 1000 & wait", 'it came to its end all the same'],
  ])('ends with the run that is stopped: %s', async (then) => {
    await using directory = await temporaryDirectory();
    const { heard, task } = await onDryRun(directory, then);
    const onSpawned = async () => heard.controller.abort('Aborted');
    const { ending } = await realRun(task, { ...heard, onSpawned });
    expect(ending).toMatchObject({ outcome: 'Aborted' });
    expect(await readTree(directory.at('source'))).toEqual({ 'precious.txt': 'precious' });
  });
});
