import type { ActiveSet } from '../model/active.ts';
import type { Desired, ResolvedTask } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { applyPlan } from '../plan/apply-plan.ts';
import { planChanges } from '../plan/plan-changes.ts';
import { nextRuns } from '../schedule/next-run.ts';
import { daemonTimeZone } from '../schedule/times.ts';
import type { ActiveStore } from '../state/active-store.ts';

export interface ReconcileInput {
  readonly desired: Desired;
  readonly active: ActiveSet;
  readonly now: number;
  readonly approvedPrune: string | null;
  /** The hash that the plan must have to be done; `null`: whatever it is. */
  readonly expected: string | null;
}

export interface Reconciliation {
  readonly desired: Desired;
  readonly plan: Plan;
  /** Whether the plan was to be done, and not only to be seen. */
  readonly applied: boolean;
  /** The active set after the pass. */
  readonly active: ActiveSet;
  /** Why the changes could not be recorded. Then nothing of the plan is done, and the next pass tries again. */
  readonly failure: string | null;
}

/**
 * The one pass behind `apply`, `apply --dry-run`, `plan` and the daemon: it computes the plan and, unless there is no
 * state to write to, makes it so. What a dry run shows is therefore what would be done.
 */
export async function reconcile(input: ReconcileInput, store: ActiveStore | null): Promise<Reconciliation> {
  const { desired, active, now, approvedPrune, expected } = input;
  const plan = planChanges({
    ...{ desired, active, approvedPrune },
    nextRuns: (task, count) => upcoming(task, now, count),
    defaultTimeZone: daemonTimeZone(),
  });
  const isExpected = expected === null || expected === plan.hash;
  if (store === null || !isExpected) return { desired, plan, applied: false, active, failure: null };
  const recorded = await store.record(applyPlan(plan, active, { now, revision: desired.revision }), now);
  return recorded.ok
    ? { desired, plan, applied: true, active: recorded.value, failure: null }
    : { desired, plan, applied: true, active, failure: recorded.error };
}

function upcoming(task: ResolvedTask, now: number, count: number): readonly number[] {
  return task.spec.schedule === null ? [] : nextRuns(task.name, task.spec.schedule, now, count);
}
