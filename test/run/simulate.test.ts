import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { noMemory } from '../../src/model/memory.ts';
import { claimsOf } from '../../src/run/claims.ts';
import { createLocks } from '../../src/run/locks.ts';
import { simulate } from '../../src/run/simulate.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { resolvedTask, taskSpec } from '../helper/build.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { eventCollector } from './event-collector.ts';
import { localTask, runTools } from './local-task.ts';
import { realTools } from './real-run.ts';

const asked = { allowDeletes: null, memory: noMemory };

describe('simulate', () => {
  test('tells a dry run from start to end', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'abc');
    const task = await localTask(directory);
    const tools = runTools();
    const record = await simulate(task, asked, tools);
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
    expect(await simulate(task, asked, realTools(directory))).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.path)).toEqual(before);
    expect(await readdir(directory.path)).not.toContain('state');
  });

  test('is refused by the guards as the run would be', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('remote/photos'), { 'old.txt': 'old' });
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC' });
    expect(await simulate(task, asked, realTools(directory))).toMatchObject({
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
    expect(await simulate(task, asked, tools)).toMatchObject({ outcome: 'Succeeded' });
    expect(Object.keys(await readTree(directory.at('state')))).toEqual([
      ...['.gitignore', 'tokens/here/origin', 'tokens/here/rclone.conf'],
    ]);
  });

  describe('beside a run that uses the same token', () => {
    const credential = { provider: 'dropbox', options: { token: { fromEnv: 'TOKEN' } } };

    async function beside(directory: TemporaryDirectory) {
      const locks = createLocks();
      const task = resolvedTask('photos', { credential });
      const heard = runTools(await scriptedRclone(directory, { steps: [{ exit: 0 }] }));
      const release = await locks.acquire('letters', await claimsOf(task, process.env), heard.signal, () => {});
      const environment = { ...process.env, TOKEN: JSON.stringify({ access_token: 'access' }) };
      const state = stateDirectory(directory.at('state'));
      const told = eventCollector();
      const tools = { ...heard, environment, state, locks, emit: told.emit };
      const record = simulate(task, asked, tools);
      const { reason } = await told.next('RunQueued');
      return { heard, told, reason, release: release ?? (() => {}), record };
    }

    test('waits for its end, and says for whom', async () => {
      await using directory = await temporaryDirectory();
      const { reason, release, record } = await beside(directory);
      expect(reason).toBe('letters uses the same credential');
      release();
      expect(await record).toMatchObject({ dryRun: true, lastError: expect.stringContaining('/data/photos') });
    });

    test('is stopped while it waits', async () => {
      await using directory = await temporaryDirectory();
      const { heard, told, record } = await beside(directory);
      heard.controller.abort('Aborted');
      expect(await record).toMatchObject({
        ...{ outcome: 'Aborted', lastError: 'the dry run was stopped while it waited for the credential' },
      });
      expect(told.events.at(-1)).toMatchObject({ type: 'RunFinished' });
    });
  });

  test('waits for nobody who only uses the same place', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'abc');
    const task = await localTask(directory);
    const tools = realTools(directory);
    const locks = createLocks();
    await locks.acquire('letters', await claimsOf(task, process.env), tools.signal, () => {});
    expect(await simulate(task, asked, { ...tools, locks })).toMatchObject({ outcome: 'Succeeded' });
  });
});
