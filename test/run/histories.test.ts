import { mkdir, readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { emptyHistory, type TaskHistory } from '../../src/model/history.ts';
import { createHistories } from '../../src/run/histories.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';

function historiesIn({ state }: TemporaryState) {
  const errors: string[] = [];
  const written: TaskHistory[] = [];
  const histories = createHistories({
    ...{ state, known: new Map<string, TaskHistory>() },
    async onWritten(_task, history) {
      written.push(history);
    },
    onError: (path) => errors.push(path),
  });
  const onDisk = async () => JSON.parse(await readFile(`${state.history}/photos.json`, 'utf8')) as TaskHistory;
  return { histories, errors, written, onDisk };
}

function missed(count: number): TaskHistory {
  return { ...emptyHistory, missed: count };
}

describe('histories', () => {
  test('what is kept at the same time is written in order, and the latest stays', async () => {
    await using directory = await temporaryState();
    const { histories, onDisk, written } = historiesIn(directory);
    await Promise.all(Array.from({ length: 20 }, (_, index) => histories.keep('photos', missed(index))));
    expect(histories.of('photos').missed).toBe(19);
    expect(await onDisk()).toEqual(missed(19));
    const counts = written.map((history) => history.missed);
    expect(counts).toEqual([...counts].sort((left, right) => left - right));
  });

  test('what could not be written is told once, kept in memory, and written later', async () => {
    await using directory = await temporaryState();
    const { histories, errors, written, onDisk } = historiesIn(directory);
    await mkdir(directory.at('state/history/photos.json/in-its-place'), { recursive: true });
    await histories.keep('photos', missed(1));
    await histories.flush();
    expect(errors).toEqual(['history/photos.json']);
    expect(written).toEqual([]);
    expect(histories.of('photos').missed).toBe(1);

    await rm(directory.at('state/history/photos.json'), { recursive: true });
    await histories.flush();
    expect(await onDisk()).toEqual(missed(1));
    expect(written).toEqual([missed(1)]);
    await rm(directory.at('state/history/photos.json'));
    await histories.flush();
    await expect(onDisk()).rejects.toThrow('ENOENT');
  });

  test('flush waits for what is being written', async () => {
    await using directory = await temporaryState();
    const { histories, onDisk } = historiesIn(directory);
    void histories.keep('photos', missed(3));
    await histories.flush();
    expect(await onDisk()).toEqual(missed(3));
  });

  test('a task that never ran has an empty history', async () => {
    await using directory = await temporaryState();
    expect(historiesIn(directory).histories.of('photos')).toEqual(emptyHistory);
  });
});
