import { describe, expect, test } from 'vitest';
import { inspectRclone, listBackends } from '../../src/rclone/binary.ts';
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
  test('are listed by every name they go by', async () => {
    const backends = await listBackends(binary);
    if (!backends.ok) throw new Error(backends.error);
    expect([...backends.value]).toEqual(expect.arrayContaining(['local', 's3', 'sftp', 'webdav', 'crypt', 'drive']));
    expect(backends.value.has('google cloud storage')).toBe(true);
    expect(backends.value.has('hubic')).toBe(false);
  });

  test.each(['no JSON', '{}', '[null, {"Name": 1}]'])('%s is no list of them', async (output) => {
    await using directory = await temporaryDirectory();
    const backends = await listBackends(await scriptedRclone(directory, { steps: [{ output }] }));
    expect(backends.ok ? '' : backends.error).toContain('named no backend');
  });

  test('cannot be listed by what is not there', async () => {
    expect((await listBackends('/nowhere/rclone')).ok).toBe(false);
  });
});
