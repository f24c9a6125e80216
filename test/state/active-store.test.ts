import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ActiveTask } from '../../src/model/active.ts';
import { activeLine } from '../../src/state/active-log.ts';
import { type ActiveStore, openActiveStore, readActiveSet } from '../../src/state/active-store.ts';
import { readApprovedPrune, writeApprovedPrune } from '../../src/state/approved-prune.ts';
import type { CorruptFile } from '../../src/state/json-file.ts';
import { type StateDirectory, stateDirectory } from '../../src/state/state-directory.ts';
import { activeTask, taskSpec } from '../helper/build.ts';
import { activeSet } from './active-set.ts';
import { temporaryState } from './open-state.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);

function open(state: StateDirectory): Promise<ActiveStore> {
  return openActiveStore(state, (corrupt) => {
    throw new Error(`Corrupt: ${corrupt.detail}`);
  });
}

async function record(store: ActiveStore, writes: readonly ActiveTask[], removes: readonly string[] = []) {
  const recorded = await store.record({ writes, removes }, at);
  if (!recorded.ok) throw new Error(recorded.error);
  expect(recorded.value).toBe(store.tasks());
}

async function linesOf(state: StateDirectory): Promise<readonly string[]> {
  return (await readFile(state.active, 'utf8')).split('\n').slice(0, -1);
}

async function archived(state: StateDirectory): Promise<readonly string[]> {
  return (await readdir(state.archive)).sort();
}

function named(tasks: readonly ActiveTask[]): ReadonlyMap<string, ActiveTask> {
  return new Map(tasks.map((task) => [task.name, task]));
}

describe('the active set', () => {
  test('is read as it was recorded, by its owner and by others', async () => {
    await using directory = await temporaryState();
    const tasks = [activeTask('photos', { revision: 'abc' }), activeTask('music', { credential: null, generation: 7 })];
    await record(await open(directory.state), tasks);
    expect(await activeSet(directory.state)).toEqual(named(tasks));
    expect((await open(directory.state)).tasks()).toEqual(named(tasks));
    expect((await stat(directory.state.active)).mode & 0o777).toBe(0o600);
  });

  test('is empty where there is no state directory', async () => {
    expect(await activeSet(stateDirectory('/no/such/directory'))).toEqual(new Map());
  });

  test('what is recorded is added at the end, until most of the log is void', async () => {
    await using directory = await temporaryState();
    const store = await open(directory.state);
    await record(store, [activeTask('photos'), activeTask('music')]);
    const [first] = await linesOf(directory.state);
    for (const generation of [2, 3]) await record(store, [activeTask('photos', { generation })]);
    expect((await linesOf(directory.state)).length).toBe(4);
    expect((await linesOf(directory.state))[0]).toBe(first);
    await record(store, [activeTask('photos', { generation: 4 })]);
    expect((await linesOf(directory.state)).length).toBe(2);
    expect(await activeSet(directory.state)).toEqual(
      named([activeTask('photos', { generation: 4 }), activeTask('music')]),
    );
  });

  test('a task that is removed goes to the archive', async () => {
    await using directory = await temporaryState();
    const store = await open(directory.state);
    const [photos, music, films] = ['photos', 'music', 'films'].map((name) => activeTask(name));
    await record(store, [photos, music, films] as ActiveTask[]);
    await record(store, [], ['photos', 'music']);
    expect(await activeSet(directory.state)).toEqual(named([films as ActiveTask]));
    expect(await archived(directory.state)).toEqual([
      'music-20260102T030405.000Z.json',
      'photos-20260102T030405.000Z.json',
    ]);
    const kept = await readFile(join(directory.state.archive, 'photos-20260102T030405.000Z.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual(photos);
    await record(store, [], ['films', 'nobody']);
    expect(await linesOf(directory.state)).toEqual([]);
  });

  test('nothing to record touches nothing', async () => {
    await using directory = await temporaryState();
    const store = await open(directory.state);
    await record(store, []);
    await expect(stat(directory.state.active)).rejects.toThrow('ENOENT');
  });

  test('records one after the other, each over what the one before has left', async () => {
    await using directory = await temporaryState();
    const store = await open(directory.state);
    const names = Array.from({ length: 20 }, (_, index) => `task-${index}`);
    await Promise.all(names.map((name) => record(store, [activeTask(name)])));
    expect([...(await activeSet(directory.state)).keys()].sort()).toEqual([...names].sort());
  });
});

test('what tasks have in common is in memory once', async () => {
  await using directory = await temporaryState();
  const schedule = { cron: '0 2 * * *', timeZone: null, jitterMs: 0, missedRuns: 'RunOnce', deadlineMs: 0 } as const;
  const written = ['photos', 'music'].map((name) => activeTask(name, { spec: taskSpec({ schedule, paths: ['/a'] }) }));
  await record(await open(directory.state), written);
  const [photos, music] = [...(await activeSet(directory.state)).values()];
  expect(photos?.spec.schedule).toBe(music?.spec.schedule);
  expect(photos?.credential).toBe(music?.credential);
  expect(photos?.labels).toBe(music?.annotations);
  expect([photos, music]).toEqual(written);
});

describe('a change that cannot be recorded', () => {
  test('leaves the set and the archive as they were, and can be tried again', async () => {
    await using directory = await temporaryState();
    const store = await open(directory.state);
    await record(store, [activeTask('photos'), activeTask('music')]);
    const before = store.tasks();
    await rename(directory.state.active, directory.at('elsewhere'));
    await directory.write('state/active.ndjson/in-its-place', '');
    expect(await store.record({ writes: [activeTask('films')], removes: ['photos'] }, at)).toMatchObject({
      ...{ ok: false, error: expect.stringMatching(/^(EISDIR|ENOTEMPTY)/) },
    });
    expect(store.tasks()).toBe(before);
    expect(await archived(directory.state)).toEqual([]);

    await rm(directory.state.active, { recursive: true });
    await record(store, [activeTask('films')], ['photos']);
    expect([...(await activeSet(directory.state)).keys()]).toEqual(['music', 'films']);
  });

  test('because the archive is not there', async () => {
    await using directory = await temporaryState();
    const store = await open(directory.state);
    await record(store, [activeTask('photos')]);
    await rm(directory.state.archive, { recursive: true });
    await writeFile(directory.state.archive, '');
    expect(await store.record({ writes: [activeTask('music')], removes: ['photos'] }, at)).toEqual({
      ...{ ok: false, error: 'ENOTDIR: not a directory' },
    });
    expect([...(await activeSet(directory.state)).keys()]).toEqual(['photos']);
  });
});

describe('a log that is not as it was left', () => {
  const [photos, music] = [activeTask('photos'), activeTask('music')];

  test.each([
    ['is gone', (path: string) => rm(path)],
    ['was cut', (path: string) => writeFile(path, '')],
    ['was added to', (path: string) => writeFile(path, 'something\n', { flag: 'a' })],
    ['was replaced', (path: string) => copyFile(path, `${path}.new`).then(() => rename(`${path}.new`, path))],
  ])('because it %s is written anew from what is in force', async (_, change) => {
    await using directory = await temporaryState();
    const store = await open(directory.state);
    await record(store, [photos]);
    await change(directory.state.active);
    await record(store, [music]);
    expect(await linesOf(directory.state)).toHaveLength(2);
    expect(await activeSet(directory.state)).toEqual(named([photos, music]));
  });

  test('a last line that a crash cut off is dropped, and nothing is added to it', async () => {
    await using directory = await temporaryState();
    const { state } = directory;
    await record(await open(state), [photos]);
    const line = await readFile(state.active, 'utf8');
    const torn = activeLine({ type: 'set', task: music }).trimEnd();
    for (const length of [1, 20, torn.length]) {
      await writeFile(state.active, line + torn.slice(0, length));
      expect(await activeSet(state)).toEqual(named([photos]));
      const store = await open(state);
      await record(store, [music]);
      expect(await activeSet(state)).toEqual(named([photos, music]));
      expect((await open(state)).tasks()).toEqual(named([photos, music]));
    }
  });
});

describe('a corrupt line', () => {
  const good = activeTask('photos');
  const line = (entry: object) => activeLine(entry as Parameters<typeof activeLine>[0]).trimEnd();
  const set = (task: object) => line({ type: 'set', task });
  test.each([
    ['', 'the content is not JSON'],
    [set(good).slice(0, 100), 'the content is not JSON'],
    ['[]', 'the content is not JSON'],
    ['{}', 'the line does not match its checksum'],
    ['{"type":"remove","name":"photos"}', 'the line does not match its checksum'],
    [set(good).replace('"PUSH"', '"PULL"'), 'the line does not match its checksum'],
    [set(good).replace('"generation":1', '"generation":2'), 'the line does not match its checksum'],
    [line({ type: 'remove' }), 'the content is not a change of a task'],
    [line({ type: 'swap', name: 'photos' }), 'the content is not a change of a task'],
    [set({ ...good, generation: 'one' }), 'the content is not a change of a task'],
  ])('%j is left out and kept, and the others are read', async (content, detail) => {
    await using directory = await temporaryState();
    const { state } = directory;
    await record(await open(state), [activeTask('films'), activeTask('music')]);
    const [films, music] = await linesOf(state);
    await writeFile(state.active, `${films}\n${content}\n${music}\n`);

    expect([...(await activeSet(state)).keys()]).toEqual(['films', 'music']);
    expect(await readdir(state.path)).not.toContain('active.ndjson.corrupt');

    const reported: CorruptFile[] = [];
    const store = await openActiveStore(state, (corrupt) => reported.push(corrupt));
    expect([...store.tasks().keys()]).toEqual(['films', 'music']);
    const movedTo = `${state.active}.corrupt`;
    expect(reported).toEqual([{ path: state.active, movedTo, detail: `line 2: ${detail}` }]);
    expect(await readFile(movedTo, 'utf8')).toBe(`${films}\n${content}\n${music}\n`);
    expect(await linesOf(state)).toEqual([films, music]);
    expect([...(await open(state)).tasks().keys()]).toEqual(['films', 'music']);
  });

  test.each([
    [set({ ...good, labels: null })],
    [set(good).replace('"PUSH"', '"PULL"')],
    ['{"type":"swap","name":"photos"}'],
  ])('%s takes what it was about before with it', async (content) => {
    await using directory = await temporaryState();
    await record(await open(directory.state), [good, activeTask('music')]);
    await writeFile(directory.state.active, `${content}\n`, { flag: 'a' });
    expect([...(await activeSet(directory.state)).keys()]).toEqual(['music']);
  });

  test('that a later line makes good is reported all the same, and so are others', async () => {
    await using directory = await temporaryState();
    await writeFile(directory.state.active, `nonsense\n{}\n${set(good)}\n`);
    const reported: CorruptFile[] = [];
    const store = await openActiveStore(directory.state, (corrupt) => reported.push(corrupt));
    expect(store.tasks()).toEqual(named([good]));
    expect(reported.map(({ detail }) => detail)).toEqual(['line 1: the content is not JSON, and 1 more']);
  });

  test('in a log that cannot be copied is reported where it is', async () => {
    await using directory = await temporaryState();
    const { active } = directory.state;
    await writeFile(active, 'nonsense\n');
    await mkdir(`${active}.corrupt`);
    const reported: CorruptFile[] = [];
    await openActiveStore(directory.state, (corrupt) => reported.push(corrupt));
    expect(reported).toEqual([{ path: active, movedTo: active, detail: 'line 1: the content is not JSON' }]);
    expect(await readFile(active, 'utf8')).toBe('nonsense\n');
  });
});

test('a log that cannot be read at all is told to those who only read', async () => {
  await using directory = await temporaryState();
  await mkdir(directory.state.active);
  const path = directory.state.active;
  expect(await readActiveSet(directory.state)).toEqual({
    ...{ ok: false, error: expect.stringMatching(`^What is active cannot be read from ${path}: EISDIR: .+ A daemon`) },
  });
});

test('a log that cannot be read at all is set aside', async () => {
  await using directory = await temporaryState();
  await mkdir(directory.state.active);
  const reported: CorruptFile[] = [];
  const store = await openActiveStore(directory.state, (corrupt) => reported.push(corrupt));
  const movedTo = `${directory.state.active}.corrupt`;
  expect(reported).toMatchObject([{ movedTo, detail: 'EISDIR: illegal operation on a directory' }]);
  await record(store, [activeTask('photos')]);
  expect(await activeSet(directory.state)).toEqual(named([activeTask('photos')]));
});

describe('the released prune', () => {
  test('is what was written last', async () => {
    await using directory = await temporaryState();
    expect(await readApprovedPrune(directory.state)).toBeNull();
    await writeApprovedPrune(directory.state, 'sha256:1');
    await writeApprovedPrune(directory.state, 'sha256:2');
    expect(await readApprovedPrune(directory.state)).toBe('sha256:2');
  });

  test.each(['', '[]', '{"hash":1}'])('%j releases nothing', async (content) => {
    await using directory = await temporaryState();
    await directory.write('state/approved-prune.json', content);
    expect(await readApprovedPrune(directory.state)).toBeNull();
  });
});
