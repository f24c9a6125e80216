import { expect, test } from 'vitest';
import { faults } from './faults/registry.ts';
import { tortureRuns } from './runs.ts';

test('a task to which nothing happens loses nothing and claims nothing that is not so', async () => {
  const reports = await tortureRuns({ count: 1, seed: faults.length });

  expect(reports.filter(({ tried }) => tried > 0)).toMatchObject([
    { fault: 'nothing at all', lost: 0, falseSuccess: 0, unlisted: 0, details: [] },
  ]);
});
