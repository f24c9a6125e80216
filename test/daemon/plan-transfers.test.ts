import { expect, test } from 'vitest';
import { type TransferProgress, withTransfers } from '../../src/daemon/plan-transfers.ts';
import type { FileChange } from '../../src/model/run.ts';
import { activeTask, desired, resolvedTask, runRecord, taskSpec } from '../helper/build.ts';
import { planOf } from '../plan/plan-input.ts';

const changes: readonly FileChange[] = [
  ...['g', 'f', 'e', 'd', 'c', 'b', 'a'].map((path) => ({ action: 'copy', path, size: 10 }) as const),
  { action: 'update', path: '0', size: 1 },
  { action: 'delete', path: 'old', size: 100 },
  { action: 'mkdir', path: 'folder' },
  { action: 'move', path: 'm' },
];

test('each created or changed task has its dry run, whose files are counted and a few of them named', async () => {
  const plan = planOf(
    desired([
      resolvedTask('changed', { spec: taskSpec({ enabled: false }) }),
      resolvedTask('moved', { path: 'elsewhere.yaml' }),
      ...[resolvedTask('new'), resolvedTask('same')],
    ]),
    [activeTask('changed'), activeTask('moved'), activeTask('same'), activeTask('gone')],
  );
  const told: TransferProgress[] = [];
  const found = await withTransfers(plan, {
    async simulate(task, listener) {
      for (const change of changes) listener({ type: 'RunChange', task: task.name, runId: 'r', change });
      return runRecord({ outcome: 'Blocked', lastError: 'refused', warnings: ['beware'] });
    },
    ...{ signal: new AbortController().signal, onProgress: (progress) => told.push(progress) },
  });

  const transfers = {
    ...{ outcome: 'Blocked', lastError: 'refused', warnings: ['beware'], copies: 8, moves: 1, deletes: 1, bytes: 71 },
    first: { copy: ['0', 'a', 'b', 'c', 'd'], move: ['m'], delete: ['old'] },
  };
  expect(found.hash).toBe(plan.hash);
  expect(found.changes.map(({ name, transfers: own }) => [name, own])).toEqual([
    ['changed', transfers],
    ['gone', undefined],
    ['moved', undefined],
    ['new', transfers],
    ['same', undefined],
  ]);
  expect(told).toEqual([
    { done: 1, total: 2, task: 'changed' },
    { done: 2, total: 2, task: 'new' },
  ]);
});

test('at most a few run at once, and none begins after a stop', async () => {
  const plan = planOf(desired(Array.from({ length: 9 }, (_, index) => resolvedTask(`task-${index}`))), []);
  const controller = new AbortController();
  let running = 0;
  let most = 0;
  const started: string[] = [];
  const found = await withTransfers(plan, {
    async simulate({ name }) {
      started.push(name);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (name === 'task-4') controller.abort('Aborted');
      return runRecord();
    },
    ...{ signal: controller.signal, onProgress: () => {} },
  });
  expect(most).toBe(4);
  expect(started.length).toBeLessThan(9);
  expect(found.changes.filter(({ transfers }) => transfers === undefined)).not.toEqual([]);
});
