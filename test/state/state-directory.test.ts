import { chmod, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openState, stateDirectory } from '../../src/state/state-directory.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

describe('openState', () => {
  test('makes the folders for one user, and hides them from Git', async () => {
    await using directory = await temporaryDirectory();
    const opened = await openState(directory.at('state'));
    expect(opened).toEqual({ ok: true, value: stateDirectory(directory.at('state')) });
    expect(await readFile(directory.at('state/.gitignore'), 'utf8')).toBe('*\n');
    for (const folder of ['', 'archive', 'history', 'runs', 'tokens']) {
      expect((await stat(directory.at('state', folder))).mode & 0o777).toBe(0o700);
    }
  });

  test('keeps what is there, and takes away what others were allowed', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('state/.gitignore', 'mine\n');
    await directory.write('state/tokens/b2', 'token');
    await chmod(directory.at('state/tokens'), 0o777);
    expect((await openState(directory.at('state'))).ok).toBe(true);
    expect((await openState(directory.at('state'))).ok).toBe(true);
    expect(await readFile(directory.at('state/.gitignore'), 'utf8')).toBe('mine\n');
    expect(await readFile(directory.at('state/tokens/b2'), 'utf8')).toBe('token');
    expect((await stat(directory.at('state/tokens'))).mode & 0o777).toBe(0o700);
  });

  test('does not make a folder above that is missing', async () => {
    await using directory = await temporaryDirectory();
    const opened = await openState(directory.at('disk/state'));
    expect(opened).toEqual({
      ok: false,
      error: `The state directory ${directory.at('disk/state')} cannot be used: the folder ${directory.at('disk')} does not exist. Make it, or name another with --state-dir.`,
    });
    expect(await readdir(directory.path)).toEqual([]);
  });

  test('says what is in the way', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('file', '');
    await mkdir(directory.at('state'));
    await symlink('archive', directory.at('state/archive'));
    const inTheWay = await openState(directory.at('file'));
    expect(inTheWay.ok ? '' : inTheWay.error).toContain('there is a file in the place of');
    const loop = await openState(directory.at('state'));
    expect(loop.ok ? '' : loop.error).toContain('there is a link in the place of');
  });
});

test('stateDirectory only names', async () => {
  await using directory = await temporaryDirectory();
  expect(stateDirectory(directory.at('state')).journal).toBe(directory.at('state/journal.ndjson'));
  expect(await readdir(directory.path)).toEqual([]);
});
