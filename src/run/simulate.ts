import type { ResolvedTask } from '../model/desired.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import { recorded } from './ending.ts';
import { runId } from './run-id.ts';
import type { RunTools } from './run-order.ts';
import { runTask } from './run-task.ts';

/**
 * A dry run: connects and tells what would change, through events. It leaves nothing behind, neither at the remote nor
 * here: no journal, no log, no status. It needs no place in the queue and may run beside a real run.
 */
export async function simulate(
  task: ResolvedTask,
  { allowDeletes }: Pick<RunWish, 'allowDeletes'>,
  tools: Omit<RunTools, 'onAttempt' | 'onSpawned'>,
): Promise<RunRecord> {
  const startedAt = tools.clock.now();
  const id = runId(task.name, startedAt, false);
  const about = { task: task.name, runId: id };
  const order = { task, runId: id, trigger: 'manual', dryRun: true, lastFiles: null, allowDeletes } as const;
  tools.emit({ type: 'RunStarted', ...about, trigger: 'manual', dryRun: true, at: startedAt, specHash: task.specHash });
  const ending = await runTask(order, { ...tools, onAttempt: () => {}, onSpawned: async () => {} });
  const record: RunRecord = {
    ...{ id, task: task.name, specHash: task.specHash, trigger: 'manual', dryRun: true, scheduledFor: null },
    ...{ startedAt, finishedAt: tools.clock.now(), log: null },
    ...recorded(ending),
  };
  tools.emit({ type: 'RunFinished', ...about, record });
  return record;
}
