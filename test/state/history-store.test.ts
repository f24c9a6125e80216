import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../src/model/history.ts';
import { readHistories, writeHistory } from '../../src/state/history-store.ts';
import type { CorruptFile } from '../../src/state/json-file.ts';
import { recordRun } from '../../src/state/record-run.ts';
import { runRecord } from '../helper/build.ts';
import { temporaryState } from './open-state.ts';

describe('histories', () => {
  test('are read as they were written, for the tasks that have one', async () => {
    await using directory = await temporaryState();
    const { history } = recordRun(emptyHistory, runRecord(), { successful: 1, failed: 1 });
    expect(await writeHistory(directory.state, 'photos', history)).toEqual({ ok: true, value: undefined });
    expect(await writeHistory(directory.state, 'music', emptyHistory)).toEqual({ ok: true, value: undefined });
    expect(await readHistories(directory.state, ['photos', 'music', 'films'], 'leave')).toEqual(
      new Map([
        ['photos', history],
        ['music', emptyHistory],
      ]),
    );
  });

  test('of all tasks, also those that are gone', async () => {
    await using directory = await temporaryState();
    expect(await readHistories(directory.state, 'all', 'leave')).toEqual(new Map());
    await writeHistory(directory.state, 'photos', emptyHistory);
    await directory.write('state/history/.photos.json.1.0123456789ab.tmp', '');
    await directory.write('state/history/music.json.corrupt', '');
    expect([...(await readHistories(directory.state, 'all', 'leave')).keys()]).toEqual(['photos']);
  });

  test.each([
    'torn',
    '[]',
    '{}',
    JSON.stringify({ ...emptyHistory, consecutiveFailures: -1 }),
    JSON.stringify({ ...emptyHistory, runs: [{ ...runRecord(), outcome: 'Wonderful' }] }),
    JSON.stringify({ ...emptyHistory, lastSuccess: {} }),
    JSON.stringify({ ...emptyHistory, lastRun: 'yes' }),
  ])('%s is set aside', async (content) => {
    await using directory = await temporaryState();
    const path = join(directory.state.history, 'photos.json');
    await writeFile(path, content);
    const reported: CorruptFile[] = [];
    expect(await readHistories(directory.state, ['photos'], (corrupt) => reported.push(corrupt))).toEqual(new Map());
    expect(reported.map(({ movedTo }) => movedTo)).toEqual([`${path}.corrupt`]);
  });
});
