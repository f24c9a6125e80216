import { readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { readTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { localTask } from './local-task.ts';
import { type RealRun, realRun, realTools, saidIn } from './real-run.ts';

/** Each script says its name; what else it does comes before. */
function scripts(pre = '', post = '', last = ''): Partial<TaskSpec> {
  const tell = 'echo "$CLOUD_SYNC_OUTCOME $CLOUD_SYNC_EXIT_CODE"';
  return {
    preScript: `echo begun\n${pre}`,
    postScript: `${tell}\n${post}`,
    finallyScript: `${tell}\n${last}`,
  };
}

async function oneFile(directory: TemporaryDirectory, part: Partial<TaskSpec>): Promise<ResolvedTask> {
  await directory.write('source/a.txt', 'a');
  return localTask(directory, 'photos', part);
}

/** What the scripts said, in order, without what rclone said. */
function heardOf({ said }: RealRun): readonly string[] {
  return said.filter((line) => line.startsWith('['));
}

test('a secret of the run that a script prints is struck out of all that is kept', async () => {
  await using directory = await temporaryDirectory();
  const secret = 'hunter2-hunter2';
  const file = await directory.write('secret', secret);
  const print = `cat ${file}; echo; cat ${file} >&2`;
  const encryption = { password: { fromFile: file }, salt: null, filenames: true };
  const task = await oneFile(directory, { ...scripts(print, print, print), encryption });
  const run = await realRun(task, realTools(directory));
  expect(run.ending).toMatchObject({ outcome: 'Succeeded' });
  expect(JSON.stringify([run.ending, run.heard.events])).not.toContain(secret);
  for (const kind of ['pre', 'post', 'finally']) expect(run.said).toContain(`[${kind}-script] ***`);
});

describe('scripts of a run', () => {
  test('one comes before rclone, one after it, and one at the end; each line tells whose it is', async () => {
    await using directory = await temporaryDirectory();
    const there = directory.at('remote/photos/a.txt');
    const task = await oneFile(directory, scripts(`test ! -e ${there}`, `test -e ${there}`));
    const run = await realRun(task, realTools(directory));
    expect(run.ending).toMatchObject({ outcome: 'Succeeded', warnings: [] });
    expect(heardOf(run)).toEqual(['[pre-script] begun', '[post-script] Succeeded 0', '[finally-script] Succeeded 0']);
    expect(await readTree(directory.at('state/scripts'))).toEqual({});
  });

  test.each([
    ['exit 75', 'Skipped', 'the pre-script asked to skip this run (exit code 75)'],
    ['exit 2', 'Failed', 'the pre-script failed with exit code 2: begun'],
  ])('after a pre-script with %s, rclone is not started', async (line, outcome, lastError) => {
    await using directory = await temporaryDirectory();
    const run = await realRun(await oneFile(directory, scripts(line)), realTools(directory));
    expect(run.ending).toMatchObject({ outcome, lastError, exitCode: null });
    expect(heardOf(run)).toEqual(['[pre-script] begun', `[finally-script] ${outcome} `]);
    expect(run.heard.pids).toEqual([]);
    expect(await readTree(directory.at('remote'))).toEqual({});
  });

  test('what the pre-script makes is there for the guards', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('remote/photos/old.txt', 'old');
    const task = await localTask(directory, 'photos', {
      ...{ transferMode: 'SYNC', preScript: `echo new > ${directory.at('source/new.txt')}` },
    });
    const { ending } = await realRun(task, realTools(directory));
    expect(ending).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ 'new.txt': 'new\n' });
  });

  test.each([
    ['exit 4', 'the post-script failed with exit code 4: Succeeded 0'],
    ['exit 75', 'the post-script failed with exit code 75'],
  ])('a post-script with %s fails the run', async (line, lastError) => {
    await using directory = await temporaryDirectory();
    const run = await realRun(await oneFile(directory, scripts('', line)), realTools(directory));
    expect(run.ending).toMatchObject({ outcome: 'Failed', lastError, exitCode: 0, stats: { transfers: 1 } });
    expect(heardOf(run).at(-1)).toBe('[finally-script] Failed 0');
  });

  test('the post-script keeps out of a run that did not succeed, and the last one is told', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('remote/photos/kept.txt', 'kept');
    const blocked = await localTask(directory, 'photos', { ...scripts(), transferMode: 'SYNC' });
    const run = await realRun(blocked, realTools(directory));
    expect(run.ending).toMatchObject({ outcome: 'Blocked' });
    expect(heardOf(run)).toEqual(['[pre-script] begun', '[finally-script] Blocked ']);
  });

  test('where a secret is missing only the last one runs', async () => {
    await using directory = await temporaryDirectory();
    const encryption = { password: { fromEnv: 'NOT_SET' }, salt: null, filenames: true };
    const task = await oneFile(directory, { ...scripts(), encryption });
    expect(heardOf(await realRun(task, realTools(directory)))).toEqual(['[finally-script] Failed ']);
  });

  test.each(['Aborted', 'Interrupted'] as const)('a stop during the pre-script ends the run as %s', async (reason) => {
    await using directory = await temporaryDirectory();
    const task = await oneFile(directory, scripts('sleep 1000'));
    const heard = realTools(directory);
    const emit = heard.emit;
    const stopping = {
      ...heard,
      emit(event: Parameters<typeof emit>[0]) {
        emit(event);
        if (event.type === 'RunLog') heard.controller.abort(reason);
      },
    };
    const { ending } = await realRun(task, stopping);
    expect(ending).toMatchObject({
      outcome: reason,
      lastError: 'the run was stopped before its pre-script had ended',
    });
    expect(saidIn(heard)).toEqual(['[pre-script] begun', `[finally-script] ${reason} `]);
    expect(heard.pids).toEqual([]);
  });

  test('a stop during the post-script is not a success', async () => {
    await using directory = await temporaryDirectory();
    const task = await oneFile(directory, scripts('', 'sleep 1000'));
    const heard = realTools(directory);
    const stopping = {
      ...heard,
      emit(event: Parameters<typeof heard.emit>[0]) {
        heard.emit(event);
        if (event.type === 'RunLog' && event.message.startsWith('[post')) heard.controller.abort('Aborted');
      },
    };
    const { ending } = await realRun(task, stopping);
    expect(ending).toMatchObject({
      ...{ outcome: 'Aborted', exitCode: 0 },
      lastError: 'the run was stopped before its post-script had ended',
    });
  });

  test('a run that was stopped waits a minute for its last script and no longer', async () => {
    await using directory = await temporaryDirectory();
    const task = await oneFile(directory, { ...scripts('', '', 'sleep 1000'), timeoutMs: 3_600_000 });
    const heard = realTools(directory);
    heard.controller.abort('Aborted');
    const tools = {
      ...heard,
      emit(event: Parameters<typeof heard.emit>[0]) {
        heard.emit(event);
        if (event.type === 'RunLog') heard.clock.advance(60_000);
      },
    };
    const { ending } = await realRun(task, tools);
    expect(ending).toMatchObject({
      ...{ outcome: 'Aborted', warnings: ['the finally-script took longer than 60 s and was stopped'] },
    });
  });

  test('a post-script that takes too long is not a success', async () => {
    await using directory = await temporaryDirectory();
    const task = await oneFile(directory, { ...scripts('', 'sleep 1000'), timeoutMs: 90_000 });
    const heard = realTools(directory);
    const tools = {
      ...heard,
      emit(event: Parameters<typeof heard.emit>[0]) {
        heard.emit(event);
        if (event.type === 'RunLog' && event.message.startsWith('[post')) heard.clock.advance(90_000);
      },
    };
    expect((await realRun(task, tools)).ending).toMatchObject({
      ...{
        outcome: 'TimedOut',
        lastError: 'the run took longer than its timeout of 90 s and was stopped before its post-script had ended',
      },
    });
  });

  test('a pre-script has the time of the run, and the finally-script still runs', async () => {
    await using directory = await temporaryDirectory();
    const task = await oneFile(directory, { ...scripts('sleep 1000'), timeoutMs: 90_000 });
    const heard = realTools(directory);
    const tools = {
      ...heard,
      emit(event: Parameters<typeof heard.emit>[0]) {
        heard.emit(event);
        if (event.type === 'RunLog' && event.message.startsWith('[pre')) heard.clock.advance(90_000);
      },
    };
    const run = await realRun(task, tools);
    expect(run.ending).toMatchObject({
      ...{
        outcome: 'TimedOut',
        lastError: 'the run took longer than its timeout of 90 s and was stopped before its pre-script had ended',
      },
    });
    expect(heardOf({ ...run, said: saidIn(heard) }).at(-1)).toBe('[finally-script] TimedOut ');
  });

  test.each([
    ['exit 1', 'the finally-script failed with exit code 1'],
    ['exit 75', 'the finally-script failed with exit code 75'],
  ])('a last script with %s is a warning', async (line, warning) => {
    await using directory = await temporaryDirectory();
    const { ending } = await realRun(await oneFile(directory, scripts('', '', line)), realTools(directory));
    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      lastError: null,
      // Of a script that uses the code for "not this time", the last words are no reason.
      warnings: [line === 'exit 75' ? warning : `${warning}: Succeeded 0`],
    });
    const failing = await oneFile(directory, scripts('exit 1', '', line));
    expect((await realRun(failing, realTools(directory))).ending).toMatchObject({
      outcome: 'Failed',
      lastError: 'the pre-script failed with exit code 1: begun',
      warnings: [line === 'exit 75' ? warning : `${warning}: Failed`],
    });
  });

  test('what a script says last is in the error, without the secrets of the task', async () => {
    await using directory = await temporaryDirectory();
    const { credential, ...task } = await oneFile(directory, scripts('echo "login hunter2-hunter2 refused"\nexit 1'));
    const options = { root: directory.at('remote'), description: { fromEnv: 'PASS' } };
    const environment = { ...process.env, PASS: 'hunter2-hunter2' };

    const { ending } = await realRun(
      { ...task, credential: { provider: 'local', ...credential, options } },
      realTools(directory, { environment }),
    );

    expect(ending.lastError).toBe('the pre-script failed with exit code 1: login *** refused');
  });

  test('a dry run starts none of them', async () => {
    await using directory = await temporaryDirectory();
    const run = await realRun(await oneFile(directory, scripts()), realTools(directory), true);
    expect(run.ending).toMatchObject({ outcome: 'Succeeded' });
    expect(heardOf(run)).toEqual([]);
    await expect(stat(directory.at('state'))).rejects.toThrow('ENOENT');
  });

  test('no script finds a secret in its environment', async () => {
    await using directory = await temporaryDirectory();
    const dump = (name: string) => `env > ${directory.at(`${name}.txt`)}`;
    const task = await oneFile(directory, {
      ...scripts(dump('pre'), dump('post'), dump('finally')),
      encryption: { password: { fromEnv: 'CANARY_PASSWORD' }, salt: null, filenames: false },
    });
    const environment = { ...process.env, CANARY_PASSWORD: 'canary-secret', AWS_SECRET_ACCESS_KEY: 'canary-secret' };
    const { ending } = await realRun(task, realTools(directory, { environment }));
    expect(ending).toMatchObject({ outcome: 'Succeeded' });
    for (const name of ['pre', 'post', 'finally']) {
      const text = await readFile(directory.at(`${name}.txt`), 'utf8');
      expect(text).toContain('CLOUD_SYNC_ID=photos');
      expect(text).not.toMatch(/canary/i);
      expect(text).not.toContain('RCLONE_');
    }
  });
});
