import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createStatusBoard } from '../../src/daemon/status-board.ts';
import type { Facts, Refused } from '../../src/daemon/status-content.ts';
import type { Desired, InvalidManifest } from '../../src/model/desired.ts';
import { emptyHistory, type TaskHistory } from '../../src/model/history.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { StatusFile } from '../../src/model/status.ts';
import { writeAtomically } from '../../src/state/atomic-write.ts';
import { createStatusStore, type StatusStore } from '../../src/status/store.ts';
import { activeTask, credentialSpec, desired, resolvedTask, runRecord, taskSpec } from '../helper/build.ts';
import { turnsUntil } from '../helper/eventually.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { treeOf } from './tree.ts';

const now = Date.UTC(2026, 5, 1);

function boardIn(directory: TemporaryDirectory, part: Partial<Facts> = {}) {
  const writes: string[] = [];
  let hold: Promise<void> = Promise.resolve();
  const store = createStatusStore({
    makesFolders: true,
    directory: directory.path,
    async writeFile(path, text) {
      writes.push(path);
      await hold;
      return writeAtomically(path, text);
    },
  });
  const { board, errors, clock } = boardOn(store, part);
  return {
    ...{ board, writes, errors, clock },
    /** Writes wait from now on; the result lets them go. */
    holdWrites(): () => void {
      let release: () => void = () => undefined;
      hold = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    async show(given: Desired, refused: Refused = new Map()): Promise<void> {
      board.know(given, 'tasks.d', { ...nothingHeld, refusals: refused });
      board.refreshAll(true);
      await board.settled();
    },
  };
}

function boardOn(store: StatusStore, part: Partial<Facts>) {
  const errors: string[] = [];
  const clock = fakeClock(now);
  const board = createStatusBoard({
    ...{ automatic: true, store, clock, writerVersion: '1.2.3', onWriteError: (path) => errors.push(path) },
    facts: {
      active: () => new Map(),
      history: () => emptyHistory,
      ...{
        activeRun: () => null,
        check: () => null,
        verification: () => null,
        nextRun: () => null,
        dueSinceSuccess: () => null,
        now: () => now,
      },
      ...part,
    },
  });
  return { board, errors, clock };
}

/** Takes no time, so that a turn of the event loop is a step of the board. Notes the count of missed runs. */
function inMemory(seen: unknown[]): StatusStore {
  return {
    statusPath: (path) => path,
    read: async () => null,
    isAsLeft: () => true,
    async write(_path, { status }) {
      seen.push('schedule' in status ? status.schedule.missed : null);
      return { ok: true, value: 'written' };
    },
    remove: async () => ({ ok: true, value: undefined }),
    sweep: async () => [],
  };
}

async function statusAt(directory: TemporaryDirectory, name: string): Promise<StatusFile> {
  return JSON.parse(await readFile(directory.at(name), 'utf8')) as StatusFile;
}

function problem(file: string): Problem {
  return {
    ...{ code: 'CS014', severity: 'error', file, line: 1, column: 1 },
    ...{ message: 'that is wrong', hint: null, frame: null },
  };
}

function invalid(path: string, part: Partial<InvalidManifest> = {}): Partial<Desired> {
  const problems = [problem(`tasks.d/${path}`)];
  return { problems, invalid: new Map([[path, { path, kind: 'CloudSyncTask', name: null, problems, ...part }]]) };
}

const nothingHeld = { refusals: new Map(), kept: new Map() };
const photos = activeTask('photos');
const holdsPhotos = () => new Map([['photos', photos]]);

describe('status board', () => {
  test('writes a status beside each manifest, of whatever kind', async () => {
    await using directory = await temporaryDirectory();
    const credential = { name: 'here', labels: {}, spec: credentialSpec() };
    const { show } = boardIn(directory, { active: holdsPhotos, nextRun: () => now + 1000 });
    await show(
      desired([photos], {
        ...invalid('sub/broken.yaml', { kind: null }),
        credentials: new Map([['here', { credential, path: 'here.yaml' }]]),
      }),
    );
    expect(await statusAt(directory, 'photos.status.json')).toMatchObject({
      kind: 'CloudSyncTaskStatus',
      metadata: { name: 'photos', manifest: 'photos.yaml' },
      status: { sync: 'Synced', schedule: { next: new Date(now + 1000).toISOString() }, writer: { version: '1.2.3' } },
    });
    expect(await statusAt(directory, 'here.status.json')).toMatchObject({
      ...{ kind: 'CloudCredentialStatus', metadata: { name: 'here' } },
    });
    expect(await statusAt(directory, 'sub/broken.status.json')).toMatchObject({
      ...{ kind: 'ManifestStatus', metadata: { name: null }, status: { sync: 'Invalid', applied: null } },
    });
  });

  test('a second look at the same facts writes nothing', async () => {
    await using directory = await temporaryDirectory();
    const { show } = boardIn(directory, { active: holdsPhotos });
    await show(desired([photos], invalid('broken.yaml')));
    const before = await treeOf(directory.path);
    await show(desired([photos], invalid('broken.yaml')));
    expect(await treeOf(directory.path)).toEqual(before);
  });

  test('problems of a valid manifest reach its status', async () => {
    await using directory = await temporaryDirectory();
    const { show } = boardIn(directory, { active: holdsPhotos });
    const warning = { ...problem('tasks.d/photos.yaml'), severity: 'warning' } as const;
    await show(desired([photos], { problems: [warning, { ...warning, line: 2 }] }));
    expect(await statusAt(directory, 'photos.status.json')).toMatchObject({
      status: { sync: 'Synced', problems: [{ line: 1 }, { line: 2 }] },
    });
  });

  test('a change that a guard holds back is Blocked, and says why', async () => {
    await using directory = await temporaryDirectory();
    const { show } = boardIn(directory, { active: holdsPhotos });
    const changed = resolvedTask('photos', { spec: taskSpec({ description: 'changed' }) });
    await show(desired([changed]), new Map([['photos', 'Correct the other manifest']]));
    const { status } = await statusAt(directory, 'photos.status.json');
    expect(status.sync).toBe('Blocked');
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Stalled', reason: 'Blocked', message: 'Correct the other manifest' }),
    );
  });

  test('the status of a vanished manifest goes', async () => {
    await using directory = await temporaryDirectory();
    const { show } = boardIn(directory, { active: holdsPhotos });
    await show(desired([photos, resolvedTask('music')]));
    await show(desired([photos]));
    await expect(stat(directory.at('music.status.json'))).rejects.toThrow('ENOENT');
    expect((await stat(directory.at('photos.status.json'))).isFile()).toBe(true);
  });

  test('what is asked for while a file is written is written once more, and no more often', async () => {
    await using directory = await temporaryDirectory();
    let history: TaskHistory = emptyHistory;
    const { board, show, writes, holdWrites } = boardIn(directory, { active: holdsPhotos, history: () => history });
    await show(desired([photos]));
    const release = holdWrites();
    writes.length = 0;
    history = { ...emptyHistory, missed: 1 };
    board.refresh('photos');
    await turnsUntil(() => writes.length === 1);
    for (const missed of [2, 3, 4]) {
      history = { ...emptyHistory, missed };
      board.refresh('photos');
    }
    release();
    await board.settled();
    expect(writes).toHaveLength(2);
    expect(await statusAt(directory, 'photos.status.json')).toMatchObject({ status: { schedule: { missed: 4 } } });
  });

  test.each(Array.from({ length: 12 }, (_, turns) => turns))(
    'what is asked for %i turns after a write is written too',
    async (turns) => {
      let missed = 0;
      const seen: unknown[] = [];
      const { board } = boardOn(inMemory(seen), {
        ...{ active: holdsPhotos, history: () => ({ ...emptyHistory, missed }) },
      });
      board.know(desired([photos]), 'tasks.d', nothingHeld);
      board.refresh('photos');
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      missed = 1;
      board.refresh('photos');
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen.at(-1)).toBe(1);
    },
  );

  test('a name that another manifest holds is not this one, and neither are its runs', async () => {
    await using directory = await temporaryDirectory();
    const lastRun = runRecord();
    const history = (name: string) =>
      name === 'photos' ? { ...emptyHistory, lastRun, runs: [lastRun] } : emptyHistory;
    const { show } = boardIn(directory, { active: holdsPhotos, history });
    await show(desired([photos], invalid('copy.yaml', { name: 'photos' })));
    expect(await statusAt(directory, 'copy.status.json')).toMatchObject({
      status: { sync: 'Invalid', applied: null, lastRun: null },
    });
    expect(await statusAt(directory, 'photos.status.json')).toMatchObject({ status: { lastRun: { id: lastRun.id } } });
  });

  test('a task that moved, or whose new text does not even have a name, keeps its runs', async () => {
    await using directory = await temporaryDirectory();
    const { show } = boardIn(directory, { active: holdsPhotos });
    await show(desired([], invalid('moved.yaml', { name: 'photos' })));
    expect(await statusAt(directory, 'moved.status.json')).toMatchObject({ status: { applied: { generation: 1 } } });
    for (const name of [null, 'misspelt']) {
      await show(desired([], invalid('photos.yaml', { name })));
      expect(await statusAt(directory, 'photos.status.json')).toMatchObject({
        metadata: { name: 'photos' },
        status: { sync: 'Invalid', applied: { generation: 1 } },
      });
    }
  });

  test('a task that was never applied shows what was run by hand', async () => {
    await using directory = await temporaryDirectory();
    const lastRun = runRecord({ task: 'music' });
    let activeRun: ReturnType<Facts['activeRun']> = null;
    const { board, show } = boardIn(directory, {
      history: (name) => (name === 'music' ? { ...emptyHistory, lastRun, runs: [lastRun] } : emptyHistory),
      activeRun: () => activeRun,
    });
    await show(desired([resolvedTask('music')]));
    expect(await statusAt(directory, 'music.status.json')).toMatchObject({
      status: { applied: null, lastRun: { id: lastRun.id } },
    });
    activeRun = {
      id: 'r',
      trigger: 'manual',
      startedAt: now,
      specHash: 'sha256:x',
      attempt: 1,
      waitingFor: null,
      pid: null,
      progress: null,
    };
    board.refresh('music');
    await board.settled();
    expect(await statusAt(directory, 'music.status.json')).toMatchObject({ status: { activeRun: { id: 'r' } } });
    board.refresh('nobody');
    await board.settled();
  });

  test('what cannot be written is told once, until it could be written', async () => {
    await using directory = await temporaryDirectory();
    const { show, errors } = boardIn(directory, { active: holdsPhotos });
    const place = directory.at('photos.status.json');
    await mkdir(place);
    await show(desired([photos]));
    await show(desired([photos]));
    expect(errors).toEqual([place]);
    await rm(place, { recursive: true });
    await show(desired([photos]));
    await rm(place);
    await mkdir(place);
    await show(desired([photos]));
    expect(errors).toEqual([place, place]);
  });

  test('what cannot be written is tried again by itself', async () => {
    await using directory = await temporaryDirectory();
    const { board, show, clock } = boardIn(directory, { active: holdsPhotos });
    const place = directory.at('photos.status.json');
    await mkdir(place);
    await show(desired([photos]));
    await rm(place, { recursive: true });
    clock.advance(1000);
    await board.close();
    expect(await statusAt(directory, 'photos.status.json')).toMatchObject({ status: { sync: 'Synced' } });
    expect(clock.timers).toBe(0);
  });

  test('several files are written at the same time, and each by itself', async () => {
    await using directory = await temporaryDirectory();
    const tasks = Array.from({ length: 20 }, (_, index) => activeTask(`task-${index}`));
    const { board, writes, holdWrites } = boardIn(directory, {
      active: () => new Map(tasks.map((task) => [task.name, task])),
    });
    const release = holdWrites();
    board.know(desired(tasks), 'tasks.d', nothingHeld);
    board.refreshAll(true);
    board.refreshAll(true);
    await turnsUntil(() => writes.length >= 8);
    expect(writes.length).toBe(8);
    release();
    await board.settled();
    expect(new Set(writes).size).toBe(20);
  });
});

describe('who asks the board', () => {
  const both = () => new Map([photos, activeTask('music')].map((task) => [task.name, task]));

  test('hears of every status, sorted, also of one that cannot be written and of a task without a manifest', async () => {
    const store: StatusStore = { ...inMemory([]), write: async () => ({ ok: false, error: 'EROFS' }) };
    const { board } = boardOn(store, { active: both });
    board.know(desired([photos]), 'tasks.d', {
      ...nothingHeld,
      refusals: new Map([['music', 'kept by a guard']]),
    });
    expect(await board.files()).toMatchObject([
      { metadata: { name: 'music', manifest: 'music.yaml' }, status: { sync: 'Blocked' } },
      { metadata: { name: 'photos' }, status: { sync: 'Synced' } },
    ]);
  });

  test('hears that a task whose manifest is gone is kept, as it is meant to be', async () => {
    const { board } = boardOn(inMemory([]), { active: holdsPhotos });
    board.know(desired([]), 'tasks.d', { ...nothingHeld, kept: new Map([['photos', '--prune never keeps it']]) });
    const ready = { type: 'Ready', reason: 'ScheduleKept', message: 'Goes on: --prune never keeps it' };
    expect(await board.files()).toMatchObject([
      { status: { sync: 'Synced', conditions: expect.arrayContaining([expect.objectContaining(ready)]) } },
    ]);
  });

  test('hears of a task whose manifest has another name now, and of the new one that it is not applied', async () => {
    const { board } = boardOn(inMemory([]), { active: holdsPhotos });
    board.know(desired([{ ...resolvedTask('films'), path: 'photos.yaml' }]), 'tasks.d', nothingHeld);
    expect(await board.files()).toMatchObject([
      { metadata: { name: 'films' }, status: { sync: 'OutOfSync', applied: null } },
      { metadata: { name: 'photos' }, status: { sync: 'OutOfSync', observed: null, applied: { generation: 1 } } },
    ]);
  });

  test('hears of tasks by their names where two have swapped their files', async () => {
    const { board } = boardOn(inMemory([]), { active: both });
    const [films, music] = [{ ...photos, path: 'music.yaml' }, resolvedTask('music', {})];
    board.know(desired([films, { ...music, path: 'photos.yaml' }]), 'tasks.d', nothingHeld);
    expect(await board.files()).toMatchObject([
      { metadata: { name: 'photos', manifest: 'music.yaml' }, status: { sync: 'Synced' } },
      { metadata: { name: 'music', manifest: 'photos.yaml' }, status: { sync: 'Synced' } },
    ]);
  });

  test('hears that all is as it was applied where nothing could be read yet', async () => {
    const { board } = boardOn(inMemory([]), { active: both });
    expect([...board.tasks()].map(([name, { sync }]) => [name, sync])).toEqual([
      ['photos', 'Synced'],
      ['music', 'Synced'],
    ]);
  });

  test('hears of applied tasks alone, each by its own manifest', async () => {
    const { board } = boardOn(inMemory([]), { active: both });
    const films = resolvedTask('films');
    // Another name stands where music stood, and a third is new.
    board.know(desired([photos, { ...films, path: 'music.yaml' }, resolvedTask('new')]), 'tasks.d', nothingHeld);
    expect([...board.tasks()].map(([name, { sync }]) => [name, sync])).toEqual([
      ['photos', 'Synced'],
      ['music', 'OutOfSync'],
    ]);
    board.know(desired([photos], invalid('music.yaml')), 'tasks.d', nothingHeld);
    expect(board.tasks().get('music')?.sync).toBe('Invalid');
  });
});
