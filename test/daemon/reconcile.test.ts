import { mkdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ReconcileInput, reconcile } from '../../src/daemon/reconcile.ts';
import { pruneHash } from '../../src/plan/prune-guard.ts';
import { openActiveStore } from '../../src/state/active-store.ts';
import { activeTask, desired, resolvedTask, taskSpec } from '../helper/build.ts';
import { activeSet } from '../state/active-set.ts';
import { type TemporaryState, temporaryState } from '../state/open-state.ts';
import { treeOf } from './tree.ts';

const now = Date.UTC(2026, 5, 1);

function input(part: Partial<ReconcileInput>): ReconcileInput {
  return {
    ...{ desired: desired([]), active: new Map(), now, approvedPrune: null, prune: 'guarded', strict: false },
    ...{ pruneGraceMs: 0, absentSince: new Map(), expected: null },
    ...part,
  };
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
      runTokens: { handled: null, pending: null },
    });
    expect(await activeSet(directory.state)).toEqual(done.active);
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

describe('a manifest that is gone', () => {
  const gone = { desired: desired([photos]), pruneGraceMs: 10_000 };

  async function withFilms(directory: TemporaryState) {
    const store = await storeIn(directory);
    const films = await store.record({ writes: [activeTask('films')], removes: [] }, now);
    if (!films.ok) throw new Error(films.error);
    return { store, active: films.value };
  }

  test('is looked for again before its schedule ends', async () => {
    await using directory = await temporaryState();
    const { store, active } = await withFilms(directory);
    const first = await reconcile(input({ ...gone, active }), store);
    expect(first.plan.summary).toMatchObject({ create: 1, delete: 1 });
    expect([...first.active.keys()]).toEqual(['films', 'photos']);
    expect(first).toMatchObject({ absentSince: new Map([['films', now]]), confirmAt: now + 10_000 });

    const again = { ...gone, active: first.active, absentSince: first.absentSince };
    const early = await reconcile(input({ ...again, now: now + 9_999 }), store);
    expect(early.active.has('films')).toBe(true);
    const late = await reconcile(input({ ...again, now: now + 10_000 }), store);
    expect(late.active.has('films')).toBe(false);
    expect(late).toMatchObject({ absentSince: new Map(), confirmAt: null });
  });

  test('and comes back has to be gone as long again', async () => {
    await using directory = await temporaryState();
    const { store, active } = await withFilms(directory);
    const first = await reconcile(input({ ...gone, active }), store);
    const back = input({ ...gone, active: first.active, absentSince: first.absentSince, now: now + 5_000 });
    const second = await reconcile({ ...back, desired: desired([photos, resolvedTask('films')]) }, store);
    expect(second).toMatchObject({ absentSince: new Map(), confirmAt: null });
  });

  test('need not be looked for when its end, or the plan with it, was approved', async () => {
    await using directory = await temporaryState();
    const { store, active } = await withFilms(directory);
    const { plan } = await reconcile(input({ ...gone, active }), null);
    const planned = await reconcile(input({ ...gone, active, expected: plan.hash }), store);
    expect(planned.active.has('films')).toBe(false);
    const again = await withFilms(directory);
    const approved = input({ ...gone, active: again.active, approvedPrune: pruneHash(['films']) });
    expect((await reconcile(approved, again.store)).active.has('films')).toBe(false);
  });

  test('is not gone for longer because the clock was set back', async () => {
    await using directory = await temporaryState();
    const { store, active } = await withFilms(directory);
    const absentSince = new Map([['films', now + 3_600_000]]);
    const done = await reconcile(input({ ...gone, active, absentSince }), store);
    expect(done.confirmAt).toBe(now + 10_000);
  });
});
