import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openState, type StateDirectory } from '../../src/state/state-directory.ts';
import { keepToken, replaceToken } from '../../src/state/token-store.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

const place = { credential: 'box', section: 'remote' };

function token(name: string): string {
  return JSON.stringify({ access_token: name, token_type: 'bearer', refresh_token: `refresh-${name}` }, null, 2);
}

async function openedState(directory: TemporaryDirectory): Promise<StateDirectory> {
  const state = await openState(directory.at('state'));
  if (!state.ok) throw new Error(state.error);
  return state.value;
}

async function kept(state: StateDirectory, given: string | null): Promise<string> {
  const path = await keepToken(state, place, given);
  if (!path.ok || path.value === null) throw new Error('no token is kept');
  return readFile(path.value, 'utf8');
}

describe('keepToken', () => {
  test('writes a configuration with the token alone, private, on one line', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);

    const text = await kept(state, token('first'));

    expect(text).toBe(
      '[remote]\ntoken = {"access_token":"first","token_type":"bearer","refresh_token":"refresh-first"}\n',
    );
    const folder = directory.at('state/tokens/box');
    expect((await stat(`${folder}/rclone.conf`)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('keeps what rclone made of the token while the reference stays the same', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);
    await kept(state, token('first'));
    const renewed = '[remote]\ntoken = {"access_token":"renewed"}\n';
    await writeFile(directory.at('state/tokens/box/rclone.conf'), renewed);

    expect(await kept(state, token('first'))).toBe(renewed);
    expect(await kept(state, null)).toBe(renewed);
  });

  test('takes the token of a reference that has changed', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);
    await kept(state, token('first'));

    expect(await kept(state, token('second'))).toContain('"second"');
  });

  test('makes a lost file anew from the reference', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);
    await kept(state, token('first'));
    await rm(directory.at('state/tokens/box/rclone.conf'));

    expect(await kept(state, token('first'))).toContain('"first"');
  });

  test('says what is wrong without quoting the token', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);

    for (const wrong of ['CANARY-7c1f', '{"CANARY-7c1f"', '["CANARY-7c1f"]', '{"refresh_token":"CANARY-7c1f"}']) {
      const result = await keepToken(state, place, wrong);
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toContain('CANARY');
      expect(JSON.stringify(result)).toContain('access_token was expected');
    }
    expect(await keepToken(state, place, null)).toEqual({ ok: true, value: null });
    expect(await readdir(directory.at('state/tokens'))).toEqual([]);
  });

  test('narrows a folder that others can read', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);
    await kept(state, token('first'));
    await chmod(directory.at('state/tokens/box'), 0o755);

    await kept(state, token('second'));

    expect((await stat(directory.at('state/tokens/box'))).mode & 0o777).toBe(0o700);
  });
});

describe('replaceToken', () => {
  test('stays in force until the reference gives another token', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);
    await kept(state, token('old'));

    await replaceToken(state, place, { token: token('authorised'), reference: token('old') });

    expect(await kept(state, token('old'))).toContain('"authorised"');
    expect(await kept(state, token('newer'))).toContain('"newer"');
  });

  test('needs no reference', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);

    await replaceToken(state, place, { token: token('authorised'), reference: null });

    expect(await kept(state, null)).toContain('"authorised"');
  });

  test('refuses what is no token', async () => {
    await using directory = await temporaryDirectory();
    const state = await openedState(directory);

    expect((await replaceToken(state, place, { token: 'no', reference: null })).ok).toBe(false);
  });
});
