import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createManifestReader } from '../../src/daemon/manifest-reader.ts';
import { createProviderSearch } from '../../src/daemon/provider-search.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import { tasksDirectory } from './tasks-directory.ts';

test('others have their turn between files that are made to keep the reader busy', async () => {
  await using directory = await tasksDirectory();
  const keys = Array.from({ length: 1_000 }, (_, index) => `  unknown${index}: 1\n`).join('');
  for (let index = 0; index < 30; index += 1) await directory.writeTask(`busy-${index}`, `description: ""\n${keys}`);
  const { settings } = directory;
  const taken = await takeSnapshot({ directory: settings.tasksName, previous: null });
  if (!taken.ok) throw new Error(taken.error.message);
  const read = createManifestReader({ settings, search: createProviderSearch(settings, process.env) });
  let turns = 0;
  let isDone = false;
  const reading = read(taken.value, new Map()).then((desired) => {
    isDone = true;
    return desired;
  });
  while (!isDone) {
    await nextTurn();
    turns += 1;
  }
  const { problems, invalid } = await reading;
  expect(invalid.size).toBe(30);
  // Each of them takes a part of a turn that is never as short as a thirtieth of all.
  expect(turns).toBeGreaterThan(2);
  expect(problems).toHaveLength(30 * 20);
});
