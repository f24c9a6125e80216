import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../src/model/history.ts';
import { claimsOf } from '../../src/run/claims.ts';
import { createErrandRunner } from '../../src/run/errand-runner.ts';
import { createLocks } from '../../src/run/locks.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';
import { eventCollector } from './event-collector.ts';
import { localTask, rclone, runTools } from './local-task.ts';
import { shellRclone } from './shell-rclone.ts';

const silent = () => {};
const manual = { trigger: 'manual', download: false, sample: null } as const;

function errandsIn(directory: TemporaryState, binary = rclone) {
  const locks = createLocks();
  const told = eventCollector();
  const tools = { ...runTools(binary), state: directory.state };
  const errands = createErrandRunner({
    locks,
    tools,
    historyOf: () => emptyHistory,
    maxConcurrentChecks: 1,
    emit: told.emit,
  });
  return { errands, locks, told, heard: eventCollector(), controller: new AbortController() };
}

function orderTo(directory: TemporaryState, place = 'back') {
  return { directory: directory.at(place), backup: null, include: [], intoExisting: false, dryRun: false };
}

async function withFiles(directory: TemporaryState) {
  const task = await localTask(directory);
  await writeTree(directory.at('source'), { 'a.txt': 'one' });
  await writeTree(directory.at('remote/photos'), { 'a.txt': 'one' });
  return task;
}

/** A copy that has begun, and goes on. */
const endlessCopy = {
  lsf: 'echo a.txt',
  copy: `echo '${JSON.stringify({ level: 'notice', msg: 'under way' })}' >&2; exec sleep 1000`,
};

describe('a restore', { timeout: 60_000 }, () => {
  test('is heard by its caller from start to end, told to all in one word, and kept in a log', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const { errands, told, heard, controller } = errandsIn(directory);

    const record = await errands.restore(task, orderTo(directory), heard.emit, controller.signal);

    expect(record).toMatchObject({ outcome: 'Succeeded', trigger: 'manual', dryRun: false, scheduledFor: null });
    expect(await readTree(directory.at('back'))).toEqual({ 'a.txt': 'one' });
    expect(heard.events.at(0)).toMatchObject({ type: 'RunStarted', runId: record.id });
    expect(heard.events.at(-1)).toEqual({ type: 'RunFinished', task: 'photos', runId: record.id, record });
    expect(told.events).toEqual([{ type: 'RestoreFinished', task: 'photos', directory: directory.at('back'), record }]);
    const log = await readFile(join(directory.state.path, record.log ?? ''), 'utf8');
    expect(log).toContain('"RunStarted"');
    expect(log).toContain('"RunFinished"');
    expect(log).not.toContain('"RunProgress"');
  });

  test('keeps the logs of the last ten', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const names = Array.from({ length: 12 }, (_each, index) => `restore-photos-20250101t0000${index + 10}z-abc`);
    await writeTree(join(directory.state.runs, 'photos'), {
      ...Object.fromEntries(names.map((name) => [`${name}.ndjson`, ''])),
      'photos-20250101t000000z.ndjson': 'of a run',
    });
    const { errands, controller } = errandsIn(directory);

    const { id } = await errands.restore(task, orderTo(directory), silent, controller.signal);

    const kept = (await readdir(join(directory.state.runs, 'photos'))).sort();
    expect(kept).toEqual(['photos-20250101t000000z', ...names.slice(3), id].map((name) => `${name}.ndjson`));
  });

  test('waits for a run that writes what it reads, and can be stopped meanwhile', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const { errands, locks, heard, controller } = errandsIn(directory);
    await locks.acquire('photos', await claimsOf(task, process.env), controller.signal, silent);

    const running = errands.restore(task, orderTo(directory), heard.emit, controller.signal);
    expect(await heard.next('RunQueued')).toMatchObject({ reason: 'photos uses the same place or credential' });
    controller.abort('Aborted');

    expect(await running).toMatchObject({ outcome: 'Aborted', lastError: 'the restore was stopped while it waited' });
  });

  test.each([
    ['Aborted', (made: ReturnType<typeof errandsIn>) => made.controller.abort('Aborted')],
    ['Interrupted', (made: ReturnType<typeof errandsIn>) => made.errands.stopAll('Interrupted')],
  ] as const)('that is stopped on its way says what to do: %s', async (outcome, stop) => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const made = errandsIn(directory, await shellRclone(directory, endlessCopy));
    const running = made.errands.restore(task, orderTo(directory), made.heard.emit, made.controller.signal);
    await made.heard.next('RunLog');

    stop(made);

    expect(await running).toMatchObject({
      outcome,
      lastError: expect.stringMatching(/; nothing was put into .*back$/),
    });
    await made.errands.drain();
  });

  test('meets a bug as a failure', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const { locks, told, controller } = errandsIn(directory);
    const inspectBinary = () => Promise.reject(new Error('a bug'));
    const tools = { ...runTools(), state: directory.state, inspectBinary };
    const errands = createErrandRunner({
      locks,
      tools,
      historyOf: () => emptyHistory,
      maxConcurrentChecks: 1,
      emit: told.emit,
    });

    expect(await errands.restore(task, orderTo(directory), silent, controller.signal)).toMatchObject({
      ...{ outcome: 'Failed', lastError: 'Internal error: a bug' },
    });
    expect(await errands.check(task, manual, silent, controller.signal)).toMatchObject({
      ...{ verdict: 'Failed', message: 'Internal error: a bug' },
    });
  });
});

describe('a check', { timeout: 60_000 }, () => {
  test('is told to all, and holds up nobody who reads', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const { errands, locks, told, controller } = errandsIn(directory);
    const reading = (await claimsOf(task, process.env)).map((claim) => ({ ...claim, mode: 'read' as const }));
    await locks.acquire('a reader', reading, controller.signal, silent);

    const check = await errands.check(task, manual, silent, controller.signal);

    expect(check).toMatchObject({ verdict: 'Equal', trigger: 'manual', counts: { equal: 1 } });
    expect(told.events).toEqual([{ type: 'CheckFinished', task: 'photos', check }]);
  });

  test('never goes on beside a run of its task', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const { errands, locks, told, heard, controller } = errandsIn(directory);
    const release = await locks.acquire('photos', await claimsOf(task, process.env), controller.signal, silent);

    const running = errands.check(task, manual, heard.emit, controller.signal);
    await heard.next('RunQueued');
    expect(told.events).toEqual([]);
    release?.();

    expect(await running).toMatchObject({ verdict: 'Equal' });
  });

  test('that is due twice is done once, and one of no task not at all', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const { errands, locks, told, controller } = errandsIn(directory);
    const release = await locks.acquire('photos', await claimsOf(task, process.env), controller.signal, silent);

    errands.checkDue(undefined);
    errands.checkDue(task);
    errands.checkDue(task);
    release?.();

    expect(await told.next('CheckFinished')).toMatchObject({ check: { trigger: 'schedule', verdict: 'Equal' } });
    await errands.drain();
    expect(told.all('CheckFinished')).toHaveLength(1);
  });

  test('ends when everything does, and then says nothing about the files', async () => {
    await using directory = await temporaryState();
    const task = await withFiles(directory);
    const { errands, told, heard, controller } = errandsIn(
      directory,
      await shellRclone(directory, { check: `echo '{"level":"notice","stats":{}}' >&2; exec sleep 1000` }),
    );
    const running = errands.check(task, manual, heard.emit, controller.signal);
    await heard.next('RunProgress');

    await errands.drain();

    expect(await running).toMatchObject({ verdict: 'Stopped' });
    expect(told.events).toEqual([]);
  });
});

test('backups are listed, the latest first', async () => {
  await using directory = await temporaryState();
  const task = await withFiles(directory);
  const { errands, controller } = errandsIn(directory);
  expect(await errands.backups(task, controller.signal)).toMatchObject({ ok: false });
  const keeping = { ...task, spec: { ...task.spec, safety: { ...task.spec.safety, backupFolder: '.trash' } } };
  expect(await errands.backups(keeping, controller.signal)).toEqual({ ok: true, value: [] });
  const stamped = 'photos-20260104t020000z-0a1b2c';
  await writeTree(directory.at('remote/photos/.trash'), {
    'photos-1/a': '',
    [`${stamped}/a`]: 'aa',
    [`${stamped}/sub/b`]: 'bbb',
    'a file': '',
  });
  const unknown = { outcome: null, files: 1, bytes: 0, at: null };
  expect(await errands.backups(keeping, controller.signal)).toEqual({
    ok: true,
    value: [
      { name: stamped, at: Date.UTC(2026, 0, 4, 2), outcome: null, files: 2, bytes: 5 },
      { name: 'photos-1', ...unknown },
    ],
  });
});
