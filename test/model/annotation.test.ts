import { expect, test } from 'vitest';
import { keepsSchedule, reconcileToken, runToken } from '../../src/model/annotation.ts';

test('what annotations ask for', () => {
  const all = { 'cloudsync/prune': 'disabled', 'cloudsync/run-at': 'now', 'cloudsync/reconcile-at': 'noon' };
  expect([keepsSchedule(all), runToken(all), reconcileToken(all)]).toEqual([true, 'now', 'noon']);
  expect([keepsSchedule({}), runToken({}), reconcileToken({})]).toEqual([false, null, null]);
});
