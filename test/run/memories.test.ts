import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { noMemory } from '../../src/model/memory.ts';
import { createMemories, recall } from '../../src/run/memories.ts';
import { resolvedTask } from '../helper/build.ts';
import { temporaryState } from '../state/open-state.ts';

describe('memories', () => {
  test('a success is remembered with its facts, also by the next process', async () => {
    await using directory = await temporaryState();
    const memories = createMemories({ state: directory.state, onCorrupt: 'leave', onError: () => {} });
    const task = resolvedTask('photos');
    const open = await memories.open(task);
    expect(open.before).toEqual(noMemory);

    await open.succeeded(5);

    const success = { specHash: task.specHash, at: 5 };
    expect(await memories.of('photos')).toEqual({ ...noMemory, success });
    expect(await recall(directory.state, 'photos')).toEqual({ ...noMemory, success });
  });

  test('facts of a run that does not succeed are forgotten, notes are not', async () => {
    await using directory = await temporaryState();
    const memories = createMemories({ state: directory.state, onCorrupt: 'leave', onError: () => {} });
    const task = resolvedTask('photos');
    const first = await memories.open(task);
    await first.pen.note({ success: { specHash: 'sha256:before', at: 1 } });
    first.pen.onSuccess({ at: 9 });

    expect((await memories.open(task)).before.success).toEqual({ specHash: 'sha256:before', at: 1 });
  });

  test('a corrupt file is set aside and reported, and the task counts as new', async () => {
    await using directory = await temporaryState();
    const path = `${directory.state.memory}/photos.json`;
    await writeFile(path, '{"success": 3}');
    const reported: string[] = [];
    const memories = createMemories({
      state: directory.state,
      onCorrupt: ({ detail }) => reported.push(detail),
      onError: () => {},
    });

    expect(await memories.of('photos')).toEqual(noMemory);
    expect(reported).toHaveLength(1);
    expect(await readFile(`${path}.corrupt`, 'utf8')).toBe('{"success": 3}');
  });

  test('what cannot be written is reported with its path', async () => {
    await using directory = await temporaryState();
    const failed: string[] = [];
    const state = { ...directory.state, memory: directory.at('not/there') };
    const memories = createMemories({ state, onCorrupt: 'leave', onError: (path) => failed.push(path) });

    await (await memories.open(resolvedTask('photos'))).succeeded(5);

    expect(failed).toEqual(['memory/photos.json']);
  });
});
