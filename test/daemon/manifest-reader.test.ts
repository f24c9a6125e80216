import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createManifestReader, type ManifestReader } from '../../src/daemon/manifest-reader.ts';
import { createProviderSearch } from '../../src/daemon/provider-search.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import { activeTask } from '../helper/build.ts';
import { type TasksDirectory, tasksDirectory } from './tasks-directory.ts';

function readerOf({ settings }: TasksDirectory): ManifestReader {
  return createManifestReader({ settings, search: createProviderSearch(settings, process.env) });
}

async function snapshotOf({ settings }: TasksDirectory): Promise<Snapshot> {
  const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
  if (!snapshot.ok) throw new Error(snapshot.error.message);
  return snapshot.value;
}

test('the same snapshot beside the same active set is not looked at again', async () => {
  await using directory = await tasksDirectory();
  await directory.writeTask('photos');
  const read = readerOf(directory);
  const active = new Map();
  const before = await snapshotOf(directory);
  const first = await read(before, active);
  expect(await read(before, active)).toBe(first);
  await directory.writeTask('music');
  const after = await snapshotOf(directory);
  expect([...(await read(after, active)).tasks.keys()]).toEqual(['music', 'photos']);
  expect(await read(before, active)).toEqual(first);
});

test('the same snapshot beside another active set is, since that says who owns a name', async () => {
  await using directory = await tasksDirectory();
  const path = await directory.writeTask('photos');
  await directory.write('tasks.d/copy.yaml', await readFile(path, 'utf8'));
  const read = readerOf(directory);
  const snapshot = await snapshotOf(directory);
  expect([...(await read(snapshot, new Map())).tasks.keys()]).toEqual([]);
  for (const owner of ['copy.yaml', 'photos.yaml']) {
    const desired = await read(snapshot, new Map([['photos', activeTask('photos', { path: owner })]]));
    expect(desired.tasks.get('photos')?.path).toBe(owner);
  }
});
