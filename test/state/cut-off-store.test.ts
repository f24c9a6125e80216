import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CutOff } from '../../src/model/cut-off.ts';
import { readCutOffs, removeCutOff, writeCutOff } from '../../src/state/cut-off-store.ts';
import { temporaryState } from './open-state.ts';

const cutOff: CutOff = {
  ...{ runId: 'photos-1', task: 'photos', specHash: 'sha256:a', encrypted: true, from: 1, until: null },
  places: [
    { kind: 'path', path: '/mnt/photos', folder: '1:2' },
    {
      ...{ kind: 'far', service: 'sftp', parts: ['~', 'photos'], folds: false, host: 'server' },
      marks: [{ value: 'sealed', known: true }],
    },
  ],
  expected: { count: 2, paths: ['a', 'b'] },
};

test('what is written is read again, and what is removed is not', async () => {
  await using directory = await temporaryState();
  expect((await writeCutOff(directory.state, cutOff)).ok).toBe(true);
  expect([...(await readCutOffs(directory.state, 'leave')).values()]).toEqual([cutOff]);
  await removeCutOff(directory.state, cutOff.runId);
  expect(await readdir(directory.state.cutOff)).toEqual([]);
});

test.each([
  '{}',
  'no JSON',
  JSON.stringify({ ...cutOff, places: [{ kind: 'far' }] }),
  JSON.stringify({ ...cutOff, expected: { count: 1 } }),
  JSON.stringify({ ...cutOff, until: 'later' }),
])('a file that cannot be used is set aside and reported: %s', async (text) => {
  await using directory = await temporaryState();
  await writeFile(join(directory.state.cutOff, 'photos-1.json'), text);
  const reported: string[] = [];
  const found = await readCutOffs(directory.state, ({ detail }) => reported.push(detail));
  expect(found.size).toBe(0);
  expect(reported).toHaveLength(1);
  expect(await readdir(directory.state.cutOff)).toEqual(['photos-1.json.corrupt']);
});
