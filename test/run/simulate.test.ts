import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/run/simulate.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { resolvedTask, taskSpec } from '../helper/build.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { localTask, runTools } from './local-task.ts';
import { realTools } from './real-run.ts';

describe('simulate', () => {
  test('tells a dry run from start to end', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'abc');
    const task = await localTask(directory);
    const tools = runTools();
    const record = await simulate(task, { allowDeletes: null }, tools);
    expect(record).toMatchObject({
      ...{ task: 'photos', trigger: 'manual', attempt: 1, dryRun: true, outcome: 'Succeeded', log: null },
      ...{ scheduledFor: null, startedAt: tools.clock.now() },
    });
    const [first, ...others] = tools.events;
    expect(first).toMatchObject({ type: 'RunStarted', runId: record.id, dryRun: true, specHash: task.specHash });
    expect(others.at(-1)).toEqual({ type: 'RunFinished', task: 'photos', runId: record.id, record });
    expect(others.some(({ type }) => type === 'RunChange')).toBe(true);
  });

  test('leaves nothing behind, here or there, and starts no script', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    await writeTree(directory.at('remote/photos'), { 'old.txt': 'old' });
    const script = `echo begun > ${directory.at('begun')}`;
    const task = await localTask(directory, 'photos', {
      ...{ transferMode: 'SYNC', preScript: script, postScript: script, finallyScript: script },
    });
    const before = await readTree(directory.path);
    expect(await simulate(task, { allowDeletes: null }, realTools(directory))).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.path)).toEqual(before);
    expect(await readdir(directory.path)).not.toContain('state');
  });

  test('is refused by the guards as the run would be', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('remote/photos'), { 'old.txt': 'old' });
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC' });
    expect(await simulate(task, { allowDeletes: null }, realTools(directory))).toMatchObject({
      outcome: 'Blocked',
      dryRun: true,
    });
  });

  test('keeps a token that rclone may renew, and nothing else', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a' });
    const binary = await scriptedRclone(directory, { steps: [{ exit: 0 }] });
    const token = JSON.stringify({ access_token: 'access', refresh_token: 'refresh' });
    const task = resolvedTask('photos', {
      spec: taskSpec({ paths: [directory.at('source')] }),
      credential: { provider: 'dropbox', options: { token: { fromEnv: 'TOKEN' } } },
    });
    const environment = { ...process.env, TOKEN: token };
    const tools = { ...runTools(binary), environment, state: stateDirectory(directory.at('state')) };
    expect(await simulate(task, { allowDeletes: null }, tools)).toMatchObject({ outcome: 'Succeeded' });
    expect(Object.keys(await readTree(directory.at('state')))).toEqual([
      ...['.gitignore', 'tokens/here/origin', 'tokens/here/rclone.conf'],
    ]);
  });
});
