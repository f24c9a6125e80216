import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { Desired, ResolvedTask } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { applyPlan } from '../plan/apply-plan.ts';
import { planChanges } from '../plan/plan-changes.ts';
import { nextRuns } from '../schedule/next-run.ts';
import { daemonTimeZone } from '../schedule/times.ts';
import { removeActive, writeActive } from '../state/active-store.ts';
import type { StateDirectory } from '../state/state-directory.ts';

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
  /** What could not be written; these tasks stay as they were, and the next pass tries again. */
  readonly failures: readonly { readonly task: string; readonly detail: string }[];
}

/**
 * The one pass behind `apply`, `apply --dry-run`, `plan` and the daemon: it computes the plan and, unless there is no
 * state to write to, makes it so. What a dry run shows is therefore what would be done.
 */
export async function reconcile(input: ReconcileInput, state: StateDirectory | null): Promise<Reconciliation> {
  const { desired, active, now, approvedPrune, expected } = input;
  const plan = planChanges({
    ...{ desired, active, approvedPrune },
    nextRuns: (task, count) => upcoming(task, now, count),
    defaultTimeZone: daemonTimeZone(),
  });
  const isExpected = expected === null || expected === plan.hash;
  if (state === null || !isExpected) return { desired, plan, applied: false, active, failures: [] };
  return { desired, plan, applied: true, ...(await makeSo(plan, input, state)) };
}

async function makeSo(
  plan: Plan,
  { active, desired, now }: ReconcileInput,
  state: StateDirectory,
): Promise<Pick<Reconciliation, 'active' | 'failures'>> {
  const { writes, removes } = applyPlan(plan, active, { now, revision: desired.revision });
  const after = new Map<string, ActiveTask>(active);
  const failures: { task: string; detail: string }[] = [];
  for (const task of writes) {
    const written = await writeActive(state, task);
    if (written.ok) after.set(task.name, task);
    else failures.push({ task: task.name, detail: written.error });
  }
  for (const name of removes) {
    const removed = await removeActive(state, name, now);
    if (removed.ok) after.delete(name);
    else failures.push({ task: name, detail: removed.error });
  }
  return { active: after, failures };
}

function upcoming(task: ResolvedTask, now: number, count: number): readonly number[] {
  return task.spec.schedule === null ? [] : nextRuns(task.name, task.spec.schedule, now, count);
}
