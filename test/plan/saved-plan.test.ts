import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { planDocument } from '../../src/plan/plan-document.ts';
import { parseSavedPlan, type SavedPlan } from '../../src/plan/saved-plan.ts';
import { staleText } from '../../src/plan/stale-plan.ts';
import { activeTask, desired, resolvedTask, taskSpec } from '../helper/build.ts';
import { invalidManifest, invalidSet, planOf } from './plan-input.ts';

const changed = taskSpec({ description: 'changed' });
const photos = resolvedTask('photos');
const music = resolvedTask('music', { labels: { team: 'media' } });

function save(plan: Plan): string {
  return JSON.stringify(planDocument(plan));
}

function saved(plan: Plan): SavedPlan {
  const parsed = parseSavedPlan(save(plan));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function refusal(text: string): string {
  const parsed = parseSavedPlan(text);
  return parsed.ok ? 'taken' : parsed.error;
}

/** A saved plan with some of its fields replaced. */
function edited(plan: Plan, part: object): string {
  return JSON.stringify({ ...planDocument(plan), ...part });
}

describe('a saved plan', () => {
  const plan = planOf(
    desired([resolvedTask('photos', { spec: changed }), music, resolvedTask('letters')], {
      invalid: invalidSet([invalidManifest('broken.yaml')]),
    }),
    [activeTask('photos'), activeTask('films'), activeTask('letters')],
  );

  test('is read again with the hash it had', () => {
    expect(saved(plan).hash).toBe(plan.hash);
  });

  test.each([
    ['not JSON', 'hello', /^is no JSON/],
    ['no object', '[]', /^is no saved plan.*plan\.json/],
    ['something else', '{"kind":"CloudSyncState"}', /^is no saved plan/],
    [
      'of another major version',
      edited(plan, { formatVersion: '2.0' }),
      /^has the format 2\.0, and this version reads 1\.x/,
    ],
    ['without changes', edited(plan, { changes: undefined }), /^is no whole plan/],
    ['without a hash', edited(plan, { hash: 1 }), /^is no whole plan/],
    ['with a change that is none', edited(plan, { changes: [1] }), /^is no whole plan/],
    [
      'with a side that is none',
      edited(plan, { changes: [{ ...planDocument(plan).changes[0], before: 'here' }] }),
      /^is no whole plan/,
    ],
    [
      'without labels',
      edited(plan, { changes: [{ ...planDocument(plan).changes[0], after: { path: 'a', specHash: 'b' } }] }),
      /^is no whole plan/,
    ],
    [
      'with other words for a task, and the old hash,',
      save(plan).replace('"transferMode":"COPY"', '"transferMode":"SYNC"'),
      /^does not match its own hash/,
    ],
    ['with a change taken out', edited(plan, { changes: [] }), /^does not match its own hash/],
    [
      'against a revision',
      edited(plan, { comparedWith: { kind: 'base', ref: 'origin/main', revision: 'abc', invalid: [] } }),
      /^compares with origin\/main and not with what is active/,
    ],
  ])('%s is refused', (_, text, reason) => {
    expect(refusal(text)).toMatch(reason);
  });

  test('against an exported state is taken: its hash tells whether that is still so', () => {
    expect(refusal(edited(plan, { comparedWith: { kind: 'state', file: 'state.json' } }))).toBe('taken');
  });

  test('of a later minor version is taken', () => {
    expect(refusal(edited(plan, { formatVersion: '1.7' }))).toBe('taken');
  });
});

describe('a stale plan tells which side moved', () => {
  const plan = planOf(desired([photos]), []);

  test('the manifests', () => {
    const now = planOf(desired([resolvedTask('photos', { spec: changed }), music]), []);
    expect(staleText(saved(plan), now)).toBe(
      'the manifests have changed since: music (not in the plan, now create), photos (create, now another create)',
    );
  });

  test('what is active, also where that is what the plan wants', () => {
    expect(staleText(saved(plan), planOf(desired([photos]), [activeTask('photos')]))).toBe(
      'what is active has changed since: photos (create, now unchanged); what the plan shows is in force already',
    );
    const deletion = planOf(desired([]), [activeTask('photos')], { desired: desired([], { files: 1 }) });
    expect(staleText(saved(deletion), planOf(desired([], { files: 1 }), []))).toBe(
      'what is active has changed since: photos (delete, now gone); what the plan shows is in force already',
    );
  });

  test('both', () => {
    const now = planOf(desired([resolvedTask('photos', { spec: changed })]), [activeTask('photos')]);
    expect(staleText(saved(plan), now)).toBe(
      'both the manifests and what is active have changed since: photos (create, now update)',
    );
  });

  test('a manifest that can be read no more', () => {
    const now = planOf(desired([], { invalid: invalidSet([invalidManifest('photos.yaml')]) }), []);
    expect(staleText(saved(plan), now)).toBe(
      'the manifests have changed since: photos.yaml (not in the plan, now invalid), photos (create, now gone)',
    );
    expect(staleText(saved(now), plan)).toContain('photos.yaml (invalid, now gone)');
  });

  test('the guard, when its refusal was approved', () => {
    const active = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => activeTask(name));
    const blocked = planOf(desired([], { files: 1 }), active);
    const approved = { ...blocked, changes: planOf(desired([], { files: 1 }), active.slice(0, 5)).changes };
    expect(
      staleText(saved(blocked), { ...approved, changes: [...approved.changes, ...blocked.changes.slice(5)] }),
    ).toBe(
      'the prune guard judges otherwise now: a (blocked, now delete), b (blocked, now delete), c (blocked, now delete), 2 more',
    );
  });
});
