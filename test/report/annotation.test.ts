import { expect, test } from 'vitest';
import { planAnnotations, problemAnnotations } from '../../src/report/annotation.ts';
import { problem } from '../helper/build.ts';
import { blocked, everyKind } from '../plan/sample-plans.ts';

test('problems lose their frame, and errors come first', () => {
  const warning = problem({ severity: 'warning', code: 'CS025' });
  const { frame: _, ...error } = problem();
  expect(problemAnnotations([warning, problem()])).toEqual([error, expect.objectContaining({ code: 'CS025' })]);
});

test('a plan adds what is dangerous, as warnings at the manifests', () => {
  const annotations = planAnnotations({ ...everyKind(), problems: [problem()] }, 'infra/tasks.d');
  expect(annotations.map(({ code, severity, file, line }) => [code, severity, file, line])).toEqual([
    ['CS014', 'error', 'tasks.d/photos.yaml', 9],
    ['MovesFromSource', 'warning', 'infra/tasks.d/documents.yaml', 1],
    ['DeletesAtDestination', 'warning', 'infra/tasks.d/photos.yaml', 1],
    ['CredentialChanged', 'warning', 'infra/tasks.d/photos.yaml', 1],
    ['FiltersChanged', 'warning', 'infra/tasks.d/photos.yaml', 1],
  ]);
  expect(annotations[1]?.message).toMatch(/^documents: MOVE: files leave/);
});

test('a refusal is an error of each task that is kept', () => {
  const annotations = planAnnotations(blocked(), '.');
  expect(annotations).toHaveLength(6);
  expect(annotations[0]).toMatchObject({ code: 'PruneBlocked', severity: 'error', file: 'old-0.yaml' });
  expect(annotations[0]?.message).toMatch(/run: cloudsync approve-prune [0-9a-f]{12}$/);
});

test('so is what another manifest holds back', () => {
  const effects = [{ code: 'RevisionRefused', danger: false, message: 'b.yaml is not valid' }] as const;
  const [change] = everyKind().changes;
  if (change === undefined) throw new Error('a change is expected');
  const changes = [{ ...change, path: 'a.yaml', action: 'blocked', reason: 'RevisionInvalid', effects }] as const;
  expect(planAnnotations({ ...everyKind(), changes }, '.')).toMatchObject([{ severity: 'error', file: 'a.yaml' }]);
});
