import { describe, expect, test } from 'vitest';
import { describeBackends, inspectRclone } from '../../src/rclone/binary.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { binary } from './real-rclone.ts';

describe('the binary', () => {
  test('is named with its version', async () => {
    const inspected = await inspectRclone(binary);
    if (!inspected.ok) throw new Error(inspected.error);
    expect(inspected.value.path).toBe(binary);
    expect(inspected.value.version[0]).toBe(1);
    expect(inspected.value.versionText).toMatch(/^v1\.\d+/);
  });

  test.each([
    ['rclone v1.75', { version: [1, 75, 0], versionText: 'v1.75' }],
    ['rclone v2.0.1-beta.1', { version: [2, 0, 1], versionText: 'v2.0.1-beta.1' }],
    ['rclone v1.60.1-DEV', { version: [1, 60, 1], versionText: 'v1.60.1-DEV' }],
  ])('%s will do', async (version, expected) => {
    await using directory = await temporaryDirectory();
    const path = await scriptedRclone(directory, { version, steps: [] });
    expect(await inspectRclone(path)).toEqual({ ok: true, value: { path, ...expected } });
  });

  test.each([
    ['rclone v1.40', 'rclone v1.40 is too old; 1.60 or later is needed'],
    ['rclone v0.99.9', 'rclone v0.99.9 is too old'],
    ['something else', 'is no rclone'],
  ])('%s will not', async (version, message) => {
    await using directory = await temporaryDirectory();
    const inspected = await inspectRclone(await scriptedRclone(directory, { version, steps: [] }));
    expect(inspected.ok ? '' : inspected.error).toContain(message);
  });

  test('that is missing is told with what to do', async () => {
    const inspected = await inspectRclone('/nowhere/rclone');
    expect(inspected.ok ? '' : inspected.error).toContain('apt-get install rclone');
  });

  test('is found on the PATH that is given, and nowhere else', async () => {
    await using directory = await temporaryDirectory();
    expect((await inspectRclone('rclone', { PATH: directory.path })).ok).toBe(false);
  });
});

describe('the backends', () => {
  test('are described as JSON', async () => {
    const described = await describeBackends(binary);
    if (!described.ok) throw new Error(described.error);
    const names = (JSON.parse(described.value) as readonly { readonly Name: string }[]).map(({ Name }) => Name);
    expect(names).toEqual(expect.arrayContaining(['local', 's3', 'sftp', 'webdav', 'crypt', 'drive']));
  });

  test('cannot be described by what is not there', async () => {
    expect((await describeBackends('/nowhere/rclone')).ok).toBe(false);
  });
});
