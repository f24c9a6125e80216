import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/run/simulate.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { localTask, runTools } from './local-task.ts';

describe('simulate', () => {
  test('tells a dry run from start to end', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'abc');
    const task = await localTask(directory);
    const tools = runTools();
    const record = await simulate(task, tools);
    expect(record).toMatchObject({
      ...{ task: 'photos', trigger: 'manual', attempt: 1, dryRun: true, outcome: 'Succeeded', log: null },
      ...{ scheduledFor: null, startedAt: tools.clock.now() },
    });
    const [first, ...others] = tools.events;
    expect(first).toMatchObject({ type: 'RunStarted', runId: record.id, dryRun: true, specHash: task.specHash });
    expect(others.at(-1)).toEqual({ type: 'RunFinished', task: 'photos', runId: record.id, record });
    expect(others.some(({ type }) => type === 'RunChange')).toBe(true);
  });
});
