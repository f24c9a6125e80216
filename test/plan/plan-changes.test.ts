import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActiveTask } from '../../src/model/active.ts';
import type { ResolvedTask } from '../../src/model/desired.ts';
import { hasChanges } from '../../src/model/plan.ts';
import { applyPlan } from '../../src/plan/apply-plan.ts';
import { pruneHash } from '../../src/plan/prune-guard.ts';
import { activeTask, credentialSpec, desired, resolvedTask, taskSpec } from '../helper/build.ts';
import { actionsOf, activeSet, invalidManifest, invalidSet, only, planOf } from './plan-input.ts';

const sync = taskSpec({ transferMode: 'SYNC' });

describe('each kind of change', () => {
  test('a new manifest is created', () => {
    const change = only(planOf(desired([resolvedTask()]), []));
    expect(change).toMatchObject({ action: 'create', reason: 'NewManifest', before: null, path: 'photos.yaml' });
    expect(change.after).toEqual(resolvedTask());
  });

  test('the same task again is unchanged', () => {
    const plan = planOf(desired([resolvedTask()]), [activeTask()]);
    expect(only(plan)).toMatchObject({ action: 'unchanged', reason: 'NoChange', effects: [] });
    expect(hasChanges(plan)).toBe(false);
  });

  test('another spec is an update', () => {
    const change = only(planOf(desired([resolvedTask('photos', { spec: sync })]), [activeTask()]));
    expect(change).toMatchObject({ action: 'update', reason: 'SpecChanged' });
  });

  test('another credential under the same spec is an update with its own reason', () => {
    const credential = credentialSpec({ options: { root: '/elsewhere' } });
    const change = only(planOf(desired([resolvedTask('photos', { credential })]), [activeTask()]));
    expect(change).toMatchObject({ action: 'update', reason: 'CredentialChanged' });
  });

  test('the same spec at another path is adopted, also when its labels changed on the way', () => {
    const moved = resolvedTask('photos', { path: 'home/photos.yaml', labels: { team: 'media' } });
    expect(only(planOf(desired([moved]), [activeTask()]))).toMatchObject({ action: 'adopt', reason: 'ManifestMoved' });
  });

  test.each([
    [{ team: 'media' }, {}],
    [{ team: 'media' }, { team: 'home' }],
    [{ team: 'media' }, { owner: 'media' }],
  ])('other labels are an update that keeps the generation: %j, before %j', (after, before) => {
    const active = [activeTask('photos', { labels: before, generation: 3 })];
    const plan = planOf(desired([resolvedTask('photos', { labels: after })]), active);
    expect(only(plan)).toMatchObject({ action: 'update', reason: 'MetadataChanged', effects: [] });
    const { writes } = applyPlan(plan, activeSet(active), { now: 5, revision: 'new' });
    expect(writes).toEqual([{ ...active[0], labels: after }]);
  });

  test('a manifest that is gone is a delete', () => {
    const change = only(planOf(desired([], { files: 1 }), [activeTask()]));
    expect(change).toMatchObject({ action: 'delete', reason: 'ManifestRemoved', after: null });
    expect(change.effects).toEqual([
      {
        code: 'Unscheduled',
        danger: false,
        message: 'it will not run any more; the files in /data/photos and under /remote/photos stay as they are',
      },
    ]);
  });

  test('sorted by name, then path, with what has no name at the end; counted', () => {
    const plan = planOf(
      desired([resolvedTask('b'), resolvedTask('a')], {
        invalid: invalidSet([
          invalidManifest('z.yaml'),
          invalidManifest('y.yaml', { name: 'c' }),
          invalidManifest('x.yaml', { name: 'c' }),
        ]),
      }),
      [],
    );
    expect(plan.changes.map(({ name, path }) => `${name} ${path}`)).toEqual([
      ...['a a.yaml', 'b b.yaml', 'c x.yaml', 'c y.yaml', 'null z.yaml'],
    ]);
    expect(plan.summary).toEqual({ create: 2, update: 0, delete: 0, unchanged: 0, adopt: 0, invalid: 3, blocked: 0 });
  });

  test('carries the revision and the problems of the manifests', () => {
    const plan = planOf(desired([], { revision: 'abc', problems: [] }), []);
    expect(plan).toMatchObject({ formatVersion: '1.0', revision: 'abc', changes: [], problems: [] });
  });
});

describe('manifests with errors', () => {
  test('nothing is active: listed, and that is all', () => {
    const invalid = invalidSet([invalidManifest('photos.yaml', { name: 'photos' })]);
    const plan = planOf(desired([], { invalid, files: 1 }), []);
    expect(only(plan)).toEqual({
      ...{ name: 'photos', path: 'photos.yaml', action: 'invalid', reason: 'InvalidManifest' },
      ...{ before: null, after: null, effects: [] },
    });
    expect(hasChanges(plan)).toBe(false);
  });

  test.each([
    ['the same name, elsewhere', invalidManifest('elsewhere.yaml', { name: 'photos' })],
    ['the same path, without a name', invalidManifest('photos.yaml')],
    ['the same path, without a kind', invalidManifest('photos.yaml', { kind: null })],
    ['the same path, under another name', invalidManifest('photos.yaml', { name: 'pictures' })],
  ])('%s: the active task stays as it is', (_, manifest) => {
    const active = activeTask();
    const change = only(planOf(desired([], { invalid: invalidSet([manifest]), files: 1 }), [active]));
    expect(change).toMatchObject({ name: 'photos', path: manifest.path, reason: 'InvalidManifestLastGoodKept' });
    expect(change).toMatchObject({ before: active, after: active, effects: [{ code: 'LastGoodKept', danger: false }] });
  });

  test('two with one name: the one that the task came from is its own', () => {
    const invalid = invalidSet([
      invalidManifest('a-copy.yaml', { name: 'photos' }),
      invalidManifest('photos.yaml', { name: 'photos' }),
    ]);
    const plan = planOf(desired([], { invalid, files: 2 }), [activeTask()]);
    expect(plan.changes.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'a-copy.yaml InvalidManifest',
      'photos.yaml InvalidManifestLastGoodKept',
    ]);
  });

  test('a valid manifest of the same name goes before one with errors', () => {
    const invalid = invalidSet([invalidManifest('copy.yaml', { name: 'photos' })]);
    const plan = planOf(desired([resolvedTask()], { invalid, files: 2 }), [activeTask()]);
    expect(actionsOf(plan)).toEqual(['photos invalid InvalidManifest', 'photos unchanged NoChange']);
  });

  test('a credential that is called like a task does not keep the task', () => {
    const invalid = invalidSet([invalidManifest('key.yaml', { name: 'photos', kind: 'CloudCredential' })]);
    const plan = planOf(desired([], { invalid, files: 1 }), [activeTask()]);
    expect(actionsOf(plan)).toEqual(['photos invalid InvalidManifest', 'photos delete ManifestRemoved']);
  });

  test('while a file is there that could be anybody’s, nothing is deleted, and approval does not help', () => {
    const invalid = invalidSet([invalidManifest('broken.yaml', { kind: null }), invalidManifest('worse.yaml')]);
    const plan = planOf(desired([], { invalid, files: 2 }), [activeTask()], { approvedPrune: pruneHash(['photos']) });
    expect(actionsOf(plan).slice(0, 1)).toEqual(['photos blocked InvalidManifest']);
    expect(plan.changes[0]).toMatchObject({ before: activeTask(), after: activeTask() });
    expect(plan.changes[0]?.effects[0]?.message).toBe(
      'Kept: no name can be read in broken.yaml and 1 more, which may be the manifest of this task. Correct or remove the file',
    );
  });
});

describe('the hash', () => {
  const base = () => planOf(desired([resolvedTask()]), [activeTask()]).hash;

  test('is the same for the same, and another when either side has moved', () => {
    expect(base()).toBe(base());
    const others = [
      planOf(desired([resolvedTask('photos', { spec: sync })]), [activeTask()]),
      planOf(desired([resolvedTask()]), [activeTask('photos', { spec: sync })]),
      planOf(desired([resolvedTask('photos', { path: 'b.yaml' })]), [activeTask()]),
      planOf(desired([resolvedTask('photos', { labels: { a: 'b' } })]), [activeTask()]),
      planOf(desired([resolvedTask()]), []),
      planOf(desired([]), []),
    ];
    expect(new Set([base(), ...others.map(({ hash }) => hash)]).size).toBe(7);
    expect(base()).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('for any manifests and any active tasks', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'];
  const part = fc.record({
    path: fc.constantFrom('x.yaml', 'y.yaml', 'z.yaml'),
    spec: fc.record({
      transferMode: fc.constantFrom('SYNC' as const, 'COPY' as const, 'MOVE' as const),
      enabled: fc.boolean(),
    }),
    labels: fc.constantFrom({}, { team: 'media' }),
  });
  const tasks = fc
    .dictionary(fc.constantFrom(...names), part)
    .map((parts): readonly ResolvedTask[] =>
      Object.entries(parts).map(([name, { path, spec, labels }]) =>
        resolvedTask(name, { path: `${name}/${path}`, spec: taskSpec(spec), labels }),
      ),
    );
  const activated = (list: readonly ResolvedTask[]): readonly ActiveTask[] =>
    list.map((task) => activeTask(task.name, { ...task, generation: 2 }));
  const invalid = fc
    .array(
      fc.record({
        path: fc.constantFrom('a/x.yaml', 'b/y.yaml', 'broken.yaml', 'key.yaml'),
        name: fc.constantFrom(null, 'a', 'b', 'n'),
        kind: fc.constantFrom(null, 'CloudSyncTask' as const, 'CloudCredential' as const),
      }),
      { maxLength: 2 },
    )
    .map((manifests) => invalidSet(manifests.map((manifest) => ({ ...manifest, problems: [] }))));

  test('a plan from something to itself is empty', () => {
    fc.assert(
      fc.property(tasks, (list) => {
        const plan = planOf(desired(list), activated(list));
        expect(plan.summary.unchanged).toBe(list.length);
        expect(hasChanges(plan)).toBe(false);
      }),
    );
  });

  test('after applying, the same manifests change nothing more and write nothing', () => {
    fc.assert(
      fc.property(tasks, tasks, invalid, (now, before, errors) => {
        const wanted = desired(now, { invalid: errors, files: now.length + errors.size + 1 });
        const active = activeSet(activated(before));
        const plan = planOf(wanted, [...active.values()]);
        const at = { now: 7, revision: 'new' };
        const { writes, removes } = applyPlan(plan, active, at);
        const after = new Map(active);
        for (const task of writes) after.set(task.name, task);
        for (const name of removes) after.delete(name);

        const again = planOf(wanted, [...after.values()]);
        const left = again.changes.filter(({ action }) => !['unchanged', 'invalid', 'blocked'].includes(action));
        const nextDeletes = plan.summary.blocked > 0 ? left.filter(({ action }) => action !== 'delete') : left;
        expect(nextDeletes).toEqual([]);
        expect(applyPlan(again, after, at).writes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('the order in which things come in does not matter', () => {
    fc.assert(
      fc.property(tasks, tasks, invalid, (now, before, errors) => {
        const plan = planOf(desired(now, { invalid: errors }), activated(before));
        const reversed = new Map([...errors].reverse());
        const other = planOf(
          desired([...now].reverse(), { invalid: reversed, files: now.length }),
          activated([...before].reverse()),
        );
        expect(other).toEqual(plan);
      }),
    );
  });

  test('without approval the guard never lets more through than its limit, nor what an error may concern', () => {
    fc.assert(
      fc.property(tasks, tasks, invalid, fc.boolean(), (now, before, errors, allowEmpty) => {
        const wanted = desired(now, { invalid: errors, files: now.length + errors.size, allowEmpty });
        const plan = planOf(wanted, activated(before));
        const emptyByIntent = wanted.files === 0 && allowEmpty;
        if (!emptyByIntent) expect(plan.summary.delete).toBeLessThanOrEqual(Math.max(5, 0.3 * before.length));
        if (wanted.files === 0 && !allowEmpty) expect(plan.summary.delete).toBe(0);
        expect(plan.summary.delete * plan.summary.blocked).toBe(0);
        const deleted = plan.changes.filter(({ action }) => action === 'delete');
        for (const { name, before: task } of deleted) {
          const concerned = [...errors.values()].some(
            (manifest) =>
              manifest.path === task?.path || (manifest.name === name && manifest.kind !== 'CloudCredential'),
          );
          expect(concerned).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every active task is in the plan exactly once', () => {
    fc.assert(
      fc.property(tasks, tasks, invalid, (now, before, errors) => {
        const plan = planOf(desired(now, { invalid: errors, files: 1 }), activated(before));
        const kept = plan.changes.filter(({ before: task }) => task !== null).map(({ before: task }) => task?.name);
        expect(kept.sort()).toEqual(before.map(({ name }) => name).sort());
      }),
    );
  });

  test('nothing becomes a SYNC or a MOVE without a warning', () => {
    fc.assert(
      fc.property(tasks, tasks, (now, before) => {
        const plan = planOf(desired(now), activated(before));
        for (const { before: old, after, effects, action } of plan.changes) {
          const mode = after?.spec.transferMode;
          if (action === 'blocked' || mode === undefined || mode === 'COPY' || mode === old?.spec.transferMode)
            continue;
          const code = mode === 'SYNC' ? 'DeletesAtDestination' : 'MovesFromSource';
          expect(effects.filter((effect) => effect.danger).map((effect) => effect.code)).toContain(code);
        }
      }),
    );
  });
});

describe('a schedule that is kept', () => {
  const kept = activeTask('photos', { annotations: { 'cloudsync/prune': 'disabled' } });

  test('goes on without its manifest, and does not count for the guard', () => {
    const others = ['a', 'b', 'c', 'd', 'e'].map((name) => activeTask(name));
    const plan = planOf(desired([], { files: 1 }), [kept, ...others]);
    expect(plan.summary).toMatchObject({ unchanged: 1, delete: 5, blocked: 0 });
    expect(plan.changes.at(-1)).toMatchObject({
      ...{ name: 'photos', action: 'unchanged', reason: 'PruneDisabled', after: kept },
      effects: [{ code: 'ScheduleKept' }],
    });
  });

  test('ends when that is approved', () => {
    const plan = planOf(desired([], { files: 1 }), [kept], { approvedPrune: pruneHash(['photos']) });
    expect(only(plan)).toMatchObject({ action: 'delete' });
  });
});

test('a task that another host takes care of now is deleted here', () => {
  const elsewhere = desired([resolvedTask('films')], { unselected: new Map([['photos.yaml', 'photos']]) });
  expect(actionsOf(planOf(elsewhere, [activeTask(), activeTask('films')]))).toEqual([
    'films unchanged NoChange',
    'photos delete NotSelected',
  ]);
});

describe('strict', () => {
  const changed = resolvedTask('photos', { spec: sync });
  const broken = invalidSet([invalidManifest('b.yaml'), invalidManifest('a.yaml', { name: 'a' })]);
  const active = [activeTask(), activeTask('films'), activeTask('music', { path: 'old.yaml' }), activeTask('a')];
  const tasks = [changed, resolvedTask('music'), resolvedTask('new')];

  test('one manifest with an error holds back every change', () => {
    const plan = planOf(desired(tasks, { invalid: broken }), active, { strict: true });
    expect(plan.summary).toMatchObject({ create: 0, update: 0, delete: 0, adopt: 0, blocked: 4, invalid: 2 });
    expect(hasChanges(plan)).toBe(false);
    const photos = plan.changes.find(({ name }) => name === 'photos');
    expect(photos).toMatchObject({ action: 'blocked', reason: 'RevisionInvalid', before: active[0], after: changed });
    expect(photos?.effects.at(-1)).toMatchObject({
      code: 'RevisionRefused',
      message:
        'Nothing is changed: with --strict a revision is applied as a whole, and a.yaml and 1 more cannot be. Correct it',
    });
    expect(applyPlan(plan, activeSet(active), { now: 5, revision: null })).toEqual({ writes: [], removes: [] });
  });

  test('one file is named alone, and without an error nothing is held back', () => {
    const one = desired([resolvedTask('new')], { invalid: invalidSet([invalidManifest('b.yaml', { name: 'b' })]) });
    expect(planOf(one, [], { strict: true }).changes.at(-1)?.effects.at(-1)?.message).toContain('and b.yaml cannot be');
    expect(planOf(desired(tasks), active, { strict: true }).summary).toMatchObject({ create: 1, update: 1 });
  });
});

describe('cloudsync/run-at', () => {
  const asked = (token: string | null, enabled = true): ResolvedTask =>
    resolvedTask('photos', {
      spec: taskSpec({ enabled }),
      annotations: token === null ? {} : { 'cloudsync/run-at': token },
    });
  const held = (handled: string | null, pending: string | null): ActiveTask => ({
    ...activeTask('photos', { annotations: handled === null ? {} : { 'cloudsync/run-at': handled } }),
    runTokens: { handled, pending },
  });
  const tokensAfter = (task: ResolvedTask, active: readonly ActiveTask[]) =>
    applyPlan(planOf(desired([task]), active), activeSet(active), { now: 5, revision: null }).writes[0]?.runTokens;

  test('a missing secret is told of a task that is new and of one that stays as it is', () => {
    const kept = activeTask('kept');
    const missingSecrets = new Map([
      ['new', ['one', 'two']],
      ['kept', ['three']],
    ]);
    const { changes } = planOf(desired([resolvedTask('new'), resolvedTask('kept'), resolvedTask('fine')]), [kept], {
      missingSecrets,
    });
    const told = changes.map(({ name, effects }) => [
      name,
      effects.flatMap(({ code, message }) => (code === 'SecretMissing' ? [message] : [])),
    ]);
    expect(told).toEqual([
      ['fine', []],
      ['kept', ['runs will fail: three']],
      ['new', ['runs will fail: one', 'runs will fail: two']],
    ]);
  });

  test('a new token asks for a run, and the plan says so', () => {
    const active = [held('one', null)];
    const change = only(planOf(desired([asked('two')]), active));
    expect(change).toMatchObject({ action: 'update', reason: 'MetadataChanged', effects: [{ code: 'RunRequested' }] });
    expect(change.effects[0]?.message).toContain('runs once');
    expect(tokensAfter(asked('two'), active)).toEqual({ handled: 'one', pending: 'two' });
  });

  test('of a task that is not enabled, the plan says that there will be none', () => {
    const active = [{ ...held(null, null), ...asked(null, false) }];
    const change = only(planOf(desired([asked('two', false)]), active));
    expect(change.effects[0]?.message).toContain('there will be none');
  });

  test('the token of a new task counts as handled', () => {
    expect(tokensAfter(asked('one'), [])).toEqual({ handled: 'one', pending: null });
  });

  test('a token that is taken back asks for nothing', () => {
    const active = [{ ...held('one', 'two'), annotations: { 'cloudsync/run-at': 'two' } }];
    expect(tokensAfter(asked(null), active)).toEqual({ handled: 'one', pending: null });
    expect(tokensAfter(asked('one'), active)).toEqual({ handled: 'one', pending: null });
    expect(only(planOf(desired([asked(null)]), active)).effects).toEqual([]);
  });
});
