import type { ActiveChanges, ActiveSet, ActiveTask, RunTokens } from '../model/active.ts';
import { runToken } from '../model/annotation.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Change, Plan } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';

/** What to record so that the plan is done; after that, the same manifests give a plan without changes. */
export function applyPlan(
  plan: Plan,
  active: ActiveSet,
  at: { readonly now: number; readonly revision: string | null },
): ActiveChanges {
  const changes = plan.changes.filter(({ action }) => action !== 'unchanged');
  return {
    writes: changes.flatMap((change) => written(change, active, at)),
    removes: changes.flatMap(({ name, action }) => (action === 'delete' && name !== null ? [name] : [])),
  };
}

function written(
  { action, after }: Change,
  active: ActiveSet,
  at: { readonly now: number; readonly revision: string | null },
): readonly ActiveTask[] {
  if (after === null || !['create', 'update', 'adopt'].includes(action)) return [];
  const before = active.get(after.name);
  // A task that only moved is the same generation: its missed runs and its history go on.
  const runTokens = tokensOf(before, after);
  if (before?.specHash === after.specHash) {
    const { path, labels, annotations } = after;
    return [{ ...before, path, labels, annotations, runTokens }];
  }
  const generation = (before?.generation ?? 0) + 1;
  const scheduledSince = before !== undefined && sameTimes(before, after) ? before.scheduledSince : at.now;
  const { name, path, labels, annotations, spec, credential, specHash } = after;
  const { revision, now: appliedAt } = at;
  // Not by a spread: each of thousands would be an object of a kind of its own to V8, which takes more than the object.
  const applied = { name, path, labels, annotations, spec, credential, specHash, generation };
  return [Object.assign(applied, { revision, appliedAt, scheduledSince, runTokens })];
}

/**
 * A token asks for a run when it changes. One that a new task brings along does not: where the state was lost, every
 * task is new, and none is to run because of what somebody asked for long ago.
 */
function tokensOf(before: ActiveTask | undefined, after: ResolvedTask): RunTokens {
  const token = runToken(after.annotations);
  if (before === undefined) return { handled: token, pending: null };
  const { handled } = before.runTokens;
  return { handled, pending: token === handled ? null : token };
}

/** What a missed run may be made up for does not depend on the rest of the spec. */
function sameTimes({ spec: before }: ResolvedTask, { spec: after }: ResolvedTask): boolean {
  return before.enabled === after.enabled && canonicalJson(before.schedule) === canonicalJson(after.schedule);
}
