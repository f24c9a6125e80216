import { mkdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { rcloneEnvironment } from '../../src/rclone/environment.ts';
import { listTop } from '../../src/rclone/list.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { binary } from './real-rclone.ts';

const remotes = [{ name: 'remote', type: 'local', options: {}, obscured: [] }];
const environment = rcloneEnvironment({ remotes, parent: process.env, timeZone: null });

describe('a place', () => {
  test('that holds something, if only a folder, is not empty', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('full/folder'), { recursive: true });
    expect(await listTop(binary, environment, `remote:${directory.at('full')}`)).toEqual({
      ok: true,
      value: { empty: false, entries: 1 },
    });
  });

  test('that holds nothing is empty', async () => {
    await using directory = await temporaryDirectory();
    expect(await listTop(binary, environment, directory.path)).toEqual({
      ok: true,
      value: { empty: true, entries: 0 },
    });
  });

  test('that is missing is told apart from one that is empty', async () => {
    await using directory = await temporaryDirectory();
    const place = `remote:${directory.at('missing')}`;
    expect(await listTop(binary, environment, place)).toEqual({
      ok: false,
      error: { missing: true, message: `${place} does not exist`, retryable: false, expired: false },
    });
  });

  test('that cannot be read is told with the reason', async () => {
    expect(await listTop(binary, environment, 'nobody:x')).toEqual({
      ok: false,
      error: {
        missing: false,
        message: 'rclone knows no remote of this name (no section in its configuration)',
        retryable: false,
        expired: false,
      },
    });
  });

  test('that gives no answer is given up', async () => {
    await using directory = await temporaryDirectory();
    const program = await scriptedRclone(directory, { steps: [{ waitFor: 'SIGUSR2' }] });
    expect(await listTop(program, environment, 'remote:x', { timeoutMs: 1 })).toEqual({
      ok: false,
      error: { missing: false, message: 'rclone gave no answer within 0.001 s', retryable: true, expired: false },
    });
  });
});
