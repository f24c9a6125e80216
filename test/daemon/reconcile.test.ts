import { mkdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ReconcileInput, reconcile } from '../../src/daemon/reconcile.ts';
import { openActiveStore, readActiveSet } from '../../src/state/active-store.ts';
import { activeTask, desired, resolvedTask, taskSpec } from '../helper/build.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';
import { treeOf } from './tree.ts';

const now = Date.UTC(2026, 5, 1);

function input(part: Partial<ReconcileInput>): ReconcileInput {
  return { desired: desired([]), active: new Map(), now, approvedPrune: null, expected: null, ...part };
}

/** Over the active set that is on the disk. */
function storeIn({ state }: TemporaryState) {
  return openActiveStore(state, () => undefined);
}

const music = resolvedTask('music', { spec: taskSpec({ schedule: null }) });
const photos = resolvedTask('photos');

describe('reconcile', () => {
  test('makes the active set what the manifests say, in memory and on the disk', async () => {
    await using directory = await temporaryState();
    const store = await storeIn(directory);
    const films = await store.record({ writes: [activeTask('films')], removes: [] }, now);
    if (!films.ok) throw new Error(films.error);
    const done = await reconcile(
      input({ desired: desired([music, photos], { revision: 'abc' }), active: films.value }),
      store,
    );
    expect(done.failure).toBeNull();
    expect(done.plan.summary).toMatchObject({ create: 2, delete: 1 });
    expect([...done.active.keys()].sort()).toEqual(['music', 'photos']);
    expect(done.active.get('photos')).toEqual({
      ...photos,
      generation: 1,
      revision: 'abc',
      appliedAt: now,
      scheduledSince: now,
    });
    expect(await readActiveSet(directory.state)).toEqual(done.active);
  });

  test('a dry run has the same plan and writes nothing', async () => {
    await using directory = await temporaryState();
    const store = await storeIn(directory);
    const first = await reconcile(input({ desired: desired([photos, activeTask('films')]) }), store);
    const next = input({ desired: desired([music, photos]), active: first.active });
    const before = await treeOf(directory.path);
    const dry = await reconcile(next, null);
    expect(await treeOf(directory.path)).toEqual(before);
    expect(dry.active).toBe(first.active);
    const real = await reconcile(next, store);
    expect(dry.plan).toEqual(real.plan);
    expect(await treeOf(directory.path)).not.toEqual(before);
  });

  test('a second pass changes nothing and writes nothing', async () => {
    await using directory = await temporaryState();
    const store = await storeIn(directory);
    const first = await reconcile(input({ desired: desired([music, photos]) }), store);
    const before = await treeOf(directory.path);
    const second = await reconcile(
      input({ desired: desired([music, photos]), active: first.active, now: now + 1 }),
      store,
    );
    expect(second.plan.summary).toMatchObject({ create: 0, update: 0, unchanged: 2 });
    expect(second.active).toEqual(first.active);
    expect(await treeOf(directory.path)).toEqual(before);
  });

  test('what cannot be recorded is not in force, and the next pass tries again', async () => {
    await using directory = await temporaryState();
    const store = await storeIn(directory);
    const first = await reconcile(input({ desired: desired([music, photos]) }), store);
    const place = directory.state.active;
    await rm(place);
    await mkdir(`${place}/in-its-place`, { recursive: true });
    const changed = [music, photos].map(({ name }) =>
      resolvedTask(name, { spec: taskSpec({ description: 'changed', schedule: null }) }),
    );
    const next = input({ desired: desired(changed), active: first.active });
    const second = await reconcile(next, store);
    expect(second.failure).toMatch(/^(EISDIR|ENOTEMPTY)/);
    expect(second.active).toBe(first.active);

    await rm(place, { recursive: true });
    const third = await reconcile({ ...next, active: second.active }, store);
    expect(third.failure).toBeNull();
    expect([...third.active.values()].map(({ generation }) => generation)).toEqual([2, 2]);
  });

  test('a deletion that cannot be archived leaves the task in force', async () => {
    await using directory = await temporaryState();
    const store = await storeIn(directory);
    const first = await reconcile(input({ desired: desired([music, photos]) }), store);
    await rm(directory.state.archive, { recursive: true });
    await directory.write('state/archive', 'a file in its place');
    const second = await reconcile(input({ desired: desired([music]), active: first.active }), store);
    expect(second.failure).toBe('ENOTDIR: not a directory');
    expect(second.active.has('photos')).toBe(true);
  });
});
