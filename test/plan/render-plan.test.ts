import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { planDocument } from '../../src/plan/plan-document.ts';
import { renderMarkdown } from '../../src/plan/render-markdown.ts';
import { appliedLine, reasonText, renderPlan, summaryLine } from '../../src/plan/render-plan.ts';
import { activeTask, desired, resolvedTask, taskSpec } from '../helper/build.ts';
import { invalidManifest, invalidSet, planOf } from './plan-input.ts';
import { blocked, everyKind } from './sample-plans.ts';

describe('renderPlan', () => {
  test('every kind of change', async () => {
    await expect(renderPlan(everyKind(), { color: false, verbose: true })).toMatchFileSnapshot(
      '../golden/plan-every-kind.txt',
    );
  });

  test('in colour, the unchanged left out', async () => {
    await expect(renderPlan(everyKind(), { color: true, verbose: false })).toMatchFileSnapshot(
      '../golden/plan-color.txt',
    );
  });

  test('blocked deletes are explained once', async () => {
    await expect(renderPlan(blocked(), { color: false, verbose: false })).toMatchFileSnapshot(
      '../golden/plan-blocked.txt',
    );
  });

  test('a file without a name holds deletes back', async () => {
    const plan = planOf(desired([], { files: 1, invalid: invalidSet([invalidManifest('broken.yaml')]) }), [
      activeTask(),
    ]);
    await expect(renderPlan(plan, { color: false, verbose: false })).toMatchFileSnapshot(
      '../golden/plan-unreadable.txt',
    );
  });

  test('nothing to do is one line', () => {
    const plan = planOf(desired([resolvedTask()]), [activeTask()]);
    expect(renderPlan(plan, { color: false, verbose: false })).toBe(
      'Plan: 0 to create, 0 to update, 0 to delete, 1 unchanged\n',
    );
  });

  test('a value that is very long is cut', () => {
    const active = [activeTask('photos', { spec: taskSpec({ description: 'x'.repeat(500), fastList: true }) })];
    const text = renderPlan(planOf(desired([resolvedTask()]), active), { color: false, verbose: false });
    expect(text).toContain(`    spec.description: ${'x'.repeat(200)}… → ""\n    spec.fastList: true → false\n`);
  });

  test('colour is decided by the option alone', () => {
    const plan = planOf(desired([resolvedTask()]), []);
    expect(renderPlan(plan, { color: false, verbose: false })).not.toContain('\u001b');
    expect(renderPlan(plan, { color: true, verbose: false })).toContain('\u001b[32m+ photos\u001b[39m');
  });
});

test('a refusal says why a task stays', () => {
  const [change] = blocked().changes.filter(({ action }) => action === 'blocked');
  if (change === undefined) throw new Error('a blocked change is expected');
  expect(reasonText(change)).toBe('not deleted, too many at once');
  expect(reasonText({ ...change, reason: 'NotSelected' })).toBe('not deleted, nothing is selected');
  expect(reasonText({ ...change, reason: 'InvalidManifest' })).toBe('not deleted, a manifest cannot be read');
});

describe('summaryLine', () => {
  const none = { create: 2, update: 1, delete: 0, unchanged: 14, adopt: 0, invalid: 0, blocked: 0 };

  test('names the rare kinds only when there are any', () => {
    expect(summaryLine(none)).toBe('Plan: 2 to create, 1 to update, 0 to delete, 14 unchanged');
    expect(summaryLine({ ...none, adopt: 1, invalid: 2, blocked: 3 })).toBe(
      'Plan: 2 to create, 1 to update, 0 to delete, 14 unchanged, 1 to adopt, 2 invalid, 3 blocked',
    );
  });
});

test('a plan that was applied says what was done', () => {
  const summary = { create: 2, update: 1, delete: 0, unchanged: 14, adopt: 0, invalid: 0, blocked: 0 };
  expect(appliedLine(summary)).toBe('Applied: 2 created, 1 updated, 0 deleted, 14 unchanged');
  expect(appliedLine({ ...summary, adopt: 1, invalid: 2, blocked: 3 })).toBe(
    'Applied: 2 created, 1 updated, 0 deleted, 14 unchanged, 1 adopted, 2 invalid, 3 blocked',
  );
  const applied = renderPlan(everyKind(), { color: false, verbose: false, isApplied: true });
  expect(applied.trimEnd().split('\n').at(-1)).toMatch(/^Applied: /);
});

describe('planDocument', () => {
  test('every kind of change', async () => {
    await expect(`${JSON.stringify(planDocument(everyKind()), null, 2)}\n`).toMatchFileSnapshot(
      '../golden/plan-every-kind.json',
    );
  });

  test('is made of JSON alone, and shows no ciphertext', () => {
    const document = planDocument(everyKind());
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(JSON.stringify(document)).not.toContain('AGE-TEXT');
  });
});

describe('what the manifests were compared with', () => {
  const plan = planOf(desired([]), []);

  test('is told, in text and in the document, where it is not what is active here', () => {
    const revision = '0123456789abcdef0123456789abcdef01234567';
    const base: Plan = { ...plan, comparedWith: { kind: 'base', ref: 'origin/ma\u001bin', revision, invalid: [] } };
    const state: Plan = { ...plan, comparedWith: { kind: 'state', file: 'state.json' } };
    const options = { color: false, verbose: false };
    expect(renderPlan(base, options)).toMatch(
      /^A proposed change against origin\/ma.*in \(0123456789ab\); not compared with a running daemon\.\n\nPlan: /,
    );
    expect(renderPlan(base, options)).not.toContain('\u001b');
    expect(renderPlan(state, options)).toContain('exported state state.json, not with a running daemon');
    expect(renderMarkdown(base, { directory: 'tasks.d' })).toContain('A proposed change against origin/ma');
    expect(planDocument(base).comparedWith).toEqual(base.comparedWith);
    expect(planDocument(plan)).not.toHaveProperty('comparedWith');
  });
});

test('no line of a script is a command to a CI', () => {
  const script = (last: string) => ` ::stop-commands::x\n##vso[task.setvariable]a\n##[add-mask]b\n## [c]\n${last}\n`;
  const before = [activeTask('photos', { spec: taskSpec({ preScript: script('a') }) })];
  const plan = planOf(desired([resolvedTask('photos', { spec: taskSpec({ preScript: script('b') }) })]), before);
  for (const text of [
    renderPlan(plan, { color: false, verbose: false }),
    renderMarkdown(plan, { directory: 'tasks.d' }),
  ]) {
    expect(text).not.toMatch(/^\s*::|##\w*\[/m);
    expect(text).toContain('## [c]');
  }
});
