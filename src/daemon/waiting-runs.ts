import type { Clock } from '../model/clock.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Emit } from '../model/event.ts';
import { unreachable } from '../model/result.ts';
import type { Outcome, RunRecord } from '../model/run.ts';
import { endedEarly, recorded } from '../run/ending.ts';
import { runId } from '../run/run-id.ts';
import type { Start } from '../run/runner.ts';
import type { ControlRun } from './control-handlers.ts';

/** Runs that somebody asked for, and that start when the one before them has ended. */
export interface WaitingRuns {
  /** Who asked may leave meanwhile; the run starts all the same. */
  add(wait: Wait): ControlRun;
  /** Those of a task start no more; false when there were none. */
  cancel(task: string): boolean;
}

interface Wait {
  readonly task: ResolvedTask;
  readonly before: Extract<Start, { readonly kind: 'busy' }>;
  readonly listener: Emit;
  /** Starts it, or puts it in line again. */
  readonly begin: () => Promise<ControlRun>;
}

export function createWaitingRuns(clock: Clock): WaitingRuns {
  const cancels = new Map<string, Set<() => void>>();

  /** False when the wait was cancelled. */
  function turnOf(task: string, before: Promise<RunRecord>): Promise<boolean> {
    return new Promise((resolve) => {
      const own = cancels.get(task) ?? new Set();
      const settle = (mayStart: boolean) => {
        own.delete(cancel);
        resolve(mayStart);
      };
      const cancel = () => settle(false);
      cancels.set(task, own.add(cancel));
      void before.then(() => settle(true));
    });
  }

  return {
    add({ task, before, listener, begin }) {
      const askedAt = clock.now();
      const about = { task: task.name, runId: runId(task.name, askedAt, false) };
      listener({ type: 'RunQueued', ...about, trigger: 'manual', reason: `run ${before.runId} has not ended` });
      let leave = () => {};

      function never(outcome: Outcome, reason: string): RunRecord {
        const record: RunRecord = {
          ...{ id: about.runId, task: task.name, specHash: task.specHash, trigger: 'manual', dryRun: false },
          ...{ scheduledFor: null, token: null, startedAt: askedAt, finishedAt: clock.now(), log: null },
          ...recorded(endedEarly(outcome, reason)),
        };
        listener({ type: 'RunFinished', ...about, record });
        return record;
      }

      const finished = turnOf(task.name, before.finished).then(async (mayStart) => {
        if (!mayStart) return never('Aborted', `the run was aborted while it waited for run ${before.runId}`);
        const next = await begin();
        switch (next.kind) {
          case 'started':
            leave = next.leave;
            return next.finished;
          case 'busy':
            return never('Skipped', `run ${next.runId} has not ended`);
          case 'stopping':
            return never('Interrupted', `Cloudsync was stopped while the run waited for run ${before.runId}`);
          case 'unknown':
            return never('Failed', next.message);
          default:
            return unreachable(next);
        }
      });
      return { kind: 'started', finished, leave: () => leave() };
    },

    cancel(task) {
      const waiting = [...(cancels.get(task) ?? [])];
      for (const cancel of waiting) cancel();
      return waiting.length > 0;
    },
  };
}
