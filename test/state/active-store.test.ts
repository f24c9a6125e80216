import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readActiveSet, removeActive, writeActive } from '../../src/state/active-store.ts';
import { readApprovedPrune, writeApprovedPrune } from '../../src/state/approved-prune.ts';
import type { CorruptFile } from '../../src/state/json-file.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { activeTask, taskSpec } from '../helper/build.ts';
import { temporaryState } from './open-state.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('the active set', () => {
  test('is read as it was written', async () => {
    await using directory = await temporaryState();
    const tasks = [activeTask('photos', { revision: 'abc' }), activeTask('music', { credential: null, generation: 7 })];
    for (const task of tasks) expect((await writeActive(directory.state, task)).ok).toBe(true);
    expect(await readActiveSet(directory.state, 'leave')).toEqual(new Map(tasks.map((task) => [task.name, task])));
  });

  test('is empty where there is no state directory', async () => {
    expect(await readActiveSet(stateDirectory('/no/such/directory'), 'leave')).toEqual(new Map());
  });

  test('a task that is removed goes to the archive, and once is enough', async () => {
    await using directory = await temporaryState();
    const task = activeTask();
    await writeActive(directory.state, task);
    expect(await removeActive(directory.state, 'photos', at)).toEqual({ ok: true, value: undefined });
    expect(await removeActive(directory.state, 'photos', at)).toEqual({ ok: true, value: undefined });
    expect(await readActiveSet(directory.state, 'leave')).toEqual(new Map());
    const archived = await readFile(join(directory.state.archive, 'photos-20260102T030405.000Z.json'), 'utf8');
    expect(JSON.parse(archived)).toEqual(task);
  });

  test('a removal that fails says why', async () => {
    await using directory = await temporaryState();
    await writeActive(directory.state, activeTask());
    await rm(directory.state.archive, { recursive: true });
    await writeFile(directory.state.archive, '');
    expect(await removeActive(directory.state, 'photos', at)).toEqual({ ok: false, error: 'ENOTDIR: not a directory' });
  });
});

describe('a corrupt file', () => {
  const good = activeTask('photos');
  test.each([
    ['', 'the content is not JSON'],
    [JSON.stringify(good).slice(0, 100), 'the content is not JSON'],
    ['[]', 'the content is not a task as it was applied'],
    ['null', 'the content is not a task as it was applied'],
    [JSON.stringify({ ...good, generation: 'one' }), 'the content is not a task as it was applied'],
    [JSON.stringify({ ...good, name: 'music' }), 'the task in it is named "music"'],
    [JSON.stringify({ ...good, spec: taskSpec({ direction: 'PULL' }) }), 'the spec does not match its hash'],
  ])('%j is set aside, and the others are read', async (content, detail) => {
    await using directory = await temporaryState();
    const { state } = directory;
    await writeActive(state, activeTask('music'));
    const path = join(state.active, 'photos.json');
    await writeFile(path, content);

    expect([...(await readActiveSet(state, 'leave')).keys()]).toEqual(['music']);
    expect(await readdir(state.active)).toContain('photos.json');

    const reported: CorruptFile[] = [];
    expect([...(await readActiveSet(state, (corrupt) => reported.push(corrupt))).keys()]).toEqual(['music']);
    expect(reported).toEqual([{ path, movedTo: `${path}.corrupt`, detail }]);
    expect((await readdir(state.active)).sort()).toEqual(['music.json', 'photos.json.corrupt']);
  });

  test('that cannot be read at all', async () => {
    await using directory = await temporaryState();
    await symlink('photos.json', join(directory.state.active, 'photos.json'));
    const reported: CorruptFile[] = [];
    await readActiveSet(directory.state, (corrupt) => reported.push(corrupt));
    expect(reported.map(({ detail }) => detail)).toEqual(['ELOOP: too many symbolic links encountered']);
  });

  test('that cannot be moved is reported where it is', async () => {
    await using directory = await temporaryState();
    const path = join(directory.state.active, 'photos.json');
    await writeFile(path, '{');
    await directory.write('state/active/photos.json.corrupt/in-the-way', '');
    const reported: CorruptFile[] = [];
    await readActiveSet(directory.state, (corrupt) => reported.push(corrupt));
    expect(reported).toEqual([{ path, movedTo: path, detail: 'the content is not JSON' }]);
  });
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
