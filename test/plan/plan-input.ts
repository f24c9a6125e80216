import type { ActiveSet, ActiveTask } from '../../src/model/active.ts';
import type { Desired, InvalidManifest } from '../../src/model/desired.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { type PlanInput, planChanges } from '../../src/plan/plan-changes.ts';

const two = Date.UTC(2026, 10, 23, 1);
const day = 86_400_000;

export function activeSet(tasks: readonly ActiveTask[]): ActiveSet {
  return new Map(tasks.map((task) => [task.name, task]));
}

export function invalidSet(manifests: readonly InvalidManifest[]): ReadonlyMap<string, InvalidManifest> {
  return new Map(manifests.map((manifest) => [manifest.path, manifest]));
}

export function invalidManifest(path: string, part: Partial<InvalidManifest> = {}): InvalidManifest {
  return { path, kind: 'CloudSyncTask', name: null, problems: [], ...part };
}

/** A plan whose next runs are each night at two in Berlin; a cron that starts with `30` is half an hour later. */
export function planOf(desired: Desired, active: readonly ActiveTask[], part: Partial<PlanInput> = {}): Plan {
  return planChanges({
    desired,
    active: activeSet(active),
    nextRuns(task, count) {
      const late = task.spec.schedule?.cron.startsWith('30') === true ? 30 * 60_000 : 0;
      return Array.from({ length: count }, (_, index) => two + late + index * day);
    },
    defaultTimeZone: 'Europe/Berlin',
    approvedPrune: null,
    prune: 'guarded',
    strict: false,
    ...part,
  });
}

export function only(plan: Plan): Change {
  const [change, ...others] = plan.changes;
  if (change === undefined || others.length > 0) throw new Error(`Expected one change, found ${plan.changes.length}`);
  return change;
}

export function actionsOf(plan: Plan): readonly string[] {
  return plan.changes.map(({ name, action, reason }) => `${name} ${action} ${reason}`);
}
