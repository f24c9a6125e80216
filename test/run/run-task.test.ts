import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runTask } from '../../src/run/run-task.ts';
import { credentialSpec, resolvedTask, taskSpec } from '../helper/build.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { localTask, runTools } from './local-task.ts';

describe('runTask', () => {
  test('goes all the way', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'abc');
    const task = await localTask(directory);
    expect(await runTask(order('photos-1', { task }), runTools())).toMatchObject({ outcome: 'Succeeded' });
  });

  test('without a usable rclone it fails in the words of the inspection', async () => {
    const tools = runTools('rclone', { inspectBinary: async () => ({ ok: false, error: 'rclone is too old' }) });
    expect(await runTask(order('photos-1'), tools)).toMatchObject({
      outcome: 'Failed',
      lastError: 'rclone is too old',
    });
  });

  test('a missing secret fails it, and names the credential', async () => {
    const task = resolvedTask('photos', {
      credential: credentialSpec({ provider: 'sftp', options: { host: 'example.org', pass: { fromEnv: 'NOT_SET' } } }),
    });
    expect(await runTask(order('photos-1', { task }), runTools('rclone', { environment: {} }))).toMatchObject({
      ...{ outcome: 'Failed', exitCode: null },
      lastError: 'credential here: option pass: environment variable NOT_SET is not set for this test',
    });
  });

  test('a task without an rclone.conf to use, or with a provider that nobody knows, fails in words', async () => {
    const without = order('photos-1', { task: resolvedTask('photos', { credential: null }) });
    expect(await runTask(without, runTools('rclone', { environment: {} }))).toMatchObject({
      lastError: 'the task names a section of rclone.conf, and there is no such file; name it by RCLONE_CONFIG',
    });
    const unknown = order('photos-1', {
      task: resolvedTask('photos', { credential: credentialSpec({ provider: 'floppy', options: {} }) }),
    });
    expect(await runTask(unknown, runTools())).toMatchObject({
      ...{ outcome: 'Failed', lastError: 'credential here: no provider floppy' },
    });
  });

  test('a guard stops it before rclone transfers anything', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC' });
    const kept = await directory.write('remote/photos/kept.txt', 'kept');
    const tools = runTools();
    expect(await runTask(order('photos-1', { task }), tools)).toMatchObject({
      ...{ outcome: 'Blocked', lastError: expect.stringContaining('allowEmptySource') },
    });
    expect(tools.pids).toEqual([]);
    await rm(kept);
    expect(await runTask(order('photos-2', { task }), runTools())).toMatchObject({ outcome: 'Succeeded' });
  });

  test('PULL: the real rclone is asked whether the far side is there', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC', direction: 'PULL' });
    await directory.write('source/kept.txt', 'kept');
    expect(await runTask(order('photos-1', { task }), runTools())).toMatchObject({
      ...{ outcome: 'Blocked', lastError: expect.stringContaining('the source holds no file to sync') },
    });
    await rm(directory.at('remote/photos'), { recursive: true });
    expect(await runTask(order('photos-2', { task }), runTools())).toMatchObject({
      ...{ outcome: 'Blocked', lastError: 'the source here:photos does not exist' },
    });
  });

  test('a listing that fails says why, without the secret that rclone prints', async () => {
    await using directory = await temporaryDirectory();
    const line = { level: 'error', msg: 'login with hunter2-hunter2 refused', time: '2026-01-01T00:00:00Z' };
    const binary = await scriptedRclone(directory, { steps: [{ print: `${JSON.stringify(line)}\n` }, { exit: 1 }] });
    const spec = taskSpec({ transferMode: 'SYNC', direction: 'PULL', paths: [directory.path] });
    const options = { host: 'h', user: 'me', pass: { fromEnv: 'PASS' }, accept_unknown_host_key: true };
    const task = resolvedTask('photos', { spec, credential: credentialSpec({ provider: 'sftp', options }) });
    const tools = runTools(binary, { environment: { ...process.env, PASS: 'hunter2-hunter2' } });
    const ending = await runTask(order('photos-1', { task }), tools);
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining('refused') });
    expect(ending.lastError).not.toContain('hunter2');
  });

  test('stopped meanwhile, it starts no rclone', async () => {
    await using directory = await temporaryDirectory();
    const task = await localTask(directory);
    const tools = runTools();
    tools.controller.abort('Interrupted');
    expect(await runTask(order('photos-1', { task }), tools)).toMatchObject({ outcome: 'Interrupted' });
    expect(tools.pids).toEqual([]);
  });
});
