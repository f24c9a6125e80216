import { type ActiveChanges, type ActiveSet, type CredentialOwners, noOwners } from '../model/active.ts';
import type { Desired, ResolvedTask } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { applyPlan } from '../plan/apply-plan.ts';
import { type PlanInput, planChanges } from '../plan/plan-changes.ts';
import { isApprovedPrune } from '../plan/prune-guard.ts';
import { nextRuns } from '../schedule/next-run.ts';
import { daemonTimeZone } from '../schedule/times.ts';
import type { ActiveStore } from '../state/active-store.ts';
import { claimsIn, keyOfCredential, noOwnerChanges, ownerChanges } from './name-claims.ts';

export interface ReconcileInput
  extends Pick<PlanInput, 'desired' | 'active' | 'approvedPrune' | 'prune' | 'missingSecrets' | 'strict'> {
  readonly now: number;
  /** The files that credentials were applied from; left out: none was. */
  readonly owners?: CredentialOwners;
  /** How long a manifest must be gone until its task is deleted, milliseconds. */
  readonly pruneGraceMs: number;
  /** Since when the passes before have not seen the manifest that a task was applied from, by name. */
  readonly absentSince: ReadonlyMap<string, number>;
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
  /**
   * Tasks that this pass has not deleted, or not changed to what another file says, and since when; a later pass does, if
   * it does not find their files either. Credentials have a slash after their name.
   */
  readonly absentSince: ReadonlyMap<string, number>;
  /** When that pass is due, milliseconds since the epoch; `null`: nothing waits for one. */
  readonly confirmAt: number | null;
}

/**
 * The one pass behind `apply`, `apply --dry-run`, `plan` and the daemon: it computes the plan and, unless there is no
 * state to write to, makes it so. What a dry run shows is therefore what would be done.
 */
export async function reconcile(input: ReconcileInput, store: ActiveStore | null): Promise<Reconciliation> {
  const { now, expected, absentSince: absentBefore, owners = noOwners, ...same } = input;
  const { desired, active } = same;
  const plan = planChanges({
    ...same,
    nextRuns: (task, count) => upcoming(task, now, count),
    defaultTimeZone: daemonTimeZone(),
  });
  const { writes, removes } = applyPlan(plan, active, { now, revision: desired.revision });
  const claims = claimsIn({ desired, writes, removes, owners });
  const absent = new Map(claims.map(({ key }) => [key, Math.min(absentBefore.get(key) ?? now, now)]));
  const isExpected = expected === null || expected === plan.hash;
  if (store === null || !isExpected) {
    return { desired, plan, applied: false, active, failure: null, absentSince: absent, confirmAt: null };
  }
  const absentSince = stillToConfirm(absent, removes, input);
  const confirmed = writes.filter(({ name }) => !absentSince.has(name));
  const owned = ownerChanges(desired, owners, [...active.values(), ...confirmed], (name) =>
    absentSince.has(keyOfCredential(name)),
  );
  const changes: ActiveChanges = {
    writes: confirmed,
    removes: removes.filter((name) => !absentSince.has(name)),
    // A revision that is refused as a whole changes no owner either.
    owners: input.strict && desired.invalid.size > 0 ? noOwnerChanges : owned,
  };
  const recorded = await store.record(changes, now);
  const waiting = claims.flatMap(({ key, isUrgent }) => (isUrgent ? (absentSince.get(key) ?? []) : []));
  const confirmAt = waiting.length === 0 ? null : Math.min(...waiting) + input.pruneGraceMs;
  const shared = { desired, plan, applied: true, absentSince, confirmAt };
  return recorded.ok
    ? { ...shared, active: recorded.value, failure: null }
    : { ...shared, active, failure: recorded.error };
}

/**
 * A checkout can be caught while files are away that are back in a moment, so absence has to last. Who has approved
 * just these deletes, or a plan with them, has seen to that.
 */
function stillToConfirm(
  absent: ReadonlyMap<string, number>,
  removes: readonly string[],
  { now, pruneGraceMs, approvedPrune, expected }: ReconcileInput,
): ReadonlyMap<string, number> {
  if (expected !== null) return new Map();
  const approved = isApprovedPrune({ names: removes, approvedPrune }) ? new Set(removes) : new Set();
  return new Map([...absent].filter(([key, at]) => !approved.has(key) && now - at < pruneGraceMs));
}

function upcoming(task: ResolvedTask, now: number, count: number): readonly number[] {
  return task.spec.schedule === null ? [] : nextRuns(task.name, task.spec.schedule, now, count);
}
