import type { ResolvedTask } from '../model/desired.ts';
import { noPen, type TaskMemory } from '../model/memory.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import { tokenClaimsOf } from './claims.ts';
import { endedEarly, recorded } from './ending.ts';
import { createLocks, type Locks } from './locks.ts';
import { runId } from './run-id.ts';
import { type RunTools, stopReason } from './run-order.ts';
import { runTask } from './run-task.ts';

export interface SimulationTools extends Omit<RunTools, 'onAttempt' | 'onSpawned' | 'memory'> {
  /** Of the runs that this process starts, which may be renewing the token of the same credential. */
  readonly locks?: Locks;
}

interface SimulationWish extends Pick<RunWish, 'allowDeletes' | 'acceptFileSystem'> {
  /** What earlier runs of the task left. */
  readonly memory: TaskMemory;
}

/**
 * A dry run: connects and tells what would change, through events. It leaves nothing behind, neither at the remote nor
 * here: no journal, no log, no status. It needs no place in the queue and may run beside a real run, unless both use
 * one token: then it waits.
 */
export async function simulate(
  task: ResolvedTask,
  { allowDeletes, acceptFileSystem = false, memory }: SimulationWish,
  { locks = createLocks(), ...tools }: SimulationTools,
): Promise<RunRecord> {
  const startedAt = tools.clock.now();
  const id = runId(task.name, startedAt, false);
  const about = { task: task.name, runId: id };
  const asked = { trigger: 'manual', token: null, dryRun: true } as const;
  const order = { task, runId: id, ...asked, allowDeletes, acceptFileSystem, memory };
  tools.emit({ type: 'RunStarted', ...about, trigger: 'manual', dryRun: true, at: startedAt, specHash: task.specHash });
  const release = await locks.acquire(`${task.name} (dry run)`, tokenClaimsOf(task), tools.signal, (holder) => {
    tools.emit({ type: 'RunQueued', ...about, trigger: 'manual', reason: `${holder} uses the same credential` });
  });
  const ending =
    release === null
      ? endedEarly(stopReason(tools.signal), 'the dry run was stopped while it waited for the credential')
      : await runTask(order, { ...tools, memory: noPen, onAttempt: () => {}, onSpawned: async () => {} }).finally(
          release,
        );
  const record: RunRecord = {
    ...{ id, task: task.name, specHash: task.specHash, ...asked, scheduledFor: null },
    ...{ startedAt, finishedAt: tools.clock.now(), log: null },
    ...recorded(ending),
  };
  tools.emit({ type: 'RunFinished', ...about, record });
  return record;
}
