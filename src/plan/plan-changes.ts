import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { Desired, InvalidManifest, ResolvedTask } from '../model/desired.ts';
import { type Action, actions, type Change, type Plan, type PlanSummary } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import { createEffects, deleteEffects, lastGoodEffects, unreadEffects, updateEffects } from './effects.ts';
import { planHash } from './plan-hash.ts';
import { guardPrune, keptSchedule, type PrunePolicy } from './prune-guard.ts';
import { refuseRevision } from './revision-guard.ts';
import type { ScheduleContext } from './schedule-effects.ts';
import { type HiddenTask, type SparedTask, spareTasks } from './spared-tasks.ts';

export interface PlanInput extends ScheduleContext {
  readonly desired: Desired;
  readonly active: ActiveSet;
  /** The hash of the deletes that somebody approved, or at least its first 8 digits. */
  readonly approvedPrune: string | null;
  readonly prune: PrunePolicy;
  /** Secrets that the process which runs the tasks does not have, in sentences, by task. Left out: that is not known. */
  readonly missingSecrets?: ReadonlyMap<string, readonly string[]>;
  /** Whether one manifest with an error holds back all the others: a revision as a whole, or not at all. */
  readonly strict: boolean;
}

/** What has to happen so that the active tasks become the desired ones. Equal inputs give equal plans. */
export function planChanges(input: PlanInput): Plan {
  const { desired, active } = input;
  const spared = spareTasks(desired, active);
  const found = [
    ...[...desired.tasks.values()].map((task) => withSecrets(withTakeover(changeOf(task, input), desired), input)),
    ...[...spared.lastGood.values()].map(lastGoodKept),
    ...[...spared.hidden.values()].map(unreadKept),
    ...spared.others.map(invalidManifest),
    ...deletes(
      [...active.values()].filter(
        ({ name }) => !desired.tasks.has(name) && !spared.lastGood.has(name) && !spared.hidden.has(name),
      ),
      spared.unreadable,
      input,
    ),
  ].sort(byNameThenPath);
  const changes = input.strict ? refuseRevision(found, desired) : found;
  return {
    formatVersion: '1.0',
    hash: planHash(changes, ({ after }) => after && { labels: after.labels, annotations: after.annotations }),
    revision: desired.revision,
    summary: summaryOf(changes),
    changes,
    problems: desired.problems,
  };
}

function changeOf(after: ResolvedTask, input: PlanInput): Change {
  const { name, path } = after;
  const before = input.active.get(name);
  if (before === undefined) {
    const effects = createEffects(after, input);
    return { name, path, action: 'create', reason: 'NewManifest', before: null, after, effects };
  }
  if (before.specHash !== after.specHash) {
    const sameSpec = canonicalJson(before.spec) === canonicalJson(after.spec);
    const reason = sameSpec ? 'CredentialChanged' : 'SpecChanged';
    return { name, path, action: 'update', reason, before, after, effects: updateEffects(before, after, input) };
  }
  if (before.path !== path) {
    return { name, path, action: 'adopt', reason: 'ManifestMoved', before, after, effects: [] };
  }
  // These do not count for the hash, but whoever selects tasks by them, or asks for a run, must find the new ones.
  if (!sameTexts(before.labels, after.labels) || !sameTexts(before.annotations, after.annotations)) {
    const effects = updateEffects(before, after, input);
    return { name, path, action: 'update', reason: 'MetadataChanged', before, after, effects };
  }
  return { name, path, action: 'unchanged', reason: 'NoChange', before, after, effects: [] };
}

/** Of a task whose file is gone, or that of its credential, and of whose name another file says something else. */
function withTakeover(change: Change, { takeovers, credentials }: Desired): Change {
  const { name, path, before, after } = change;
  if (name === null || !takeovers.tasks.has(name)) return change;
  const credential = after?.spec.remote.credential ?? '';
  const file = before === null || before.path === path ? credentials.get(credential)?.path : path;
  const message = `${file} takes the name over from a file that is gone, once that stays away`;
  return { ...change, effects: [...change.effects, { code: 'NameTakenOver', danger: false, message }] };
}

/** A run would fail for want of these, so they are told also of a task that stays as it is. */
function withSecrets(change: Change, { missingSecrets }: PlanInput): Change {
  const missing = missingSecrets?.get(change.name ?? '') ?? [];
  if (missing.length === 0) return change;
  const effects = missing.map(
    (each) => ({ code: 'SecretMissing', danger: false, message: `runs will fail: ${each}` }) as const,
  );
  return { ...change, effects: [...change.effects, ...effects] };
}

function lastGoodKept({ task, manifest: { path } }: SparedTask): Change {
  return {
    ...{ name: task.name, path, action: 'invalid', reason: 'InvalidManifestLastGoodKept', before: task, after: task },
    effects: lastGoodEffects(),
  };
}

function unreadKept({ task, unread }: HiddenTask): Change {
  const { name, path } = task;
  const effects = unreadEffects(unread.path);
  return { name, path, action: 'invalid', reason: 'ManifestUnread', before: task, after: task, effects };
}

function invalidManifest({ name, path }: InvalidManifest): Change {
  return { name, path, action: 'invalid', reason: 'InvalidManifest', before: null, after: null, effects: [] };
}

function deletes(absent: readonly ActiveTask[], unreadable: readonly string[], input: PlanInput): readonly Change[] {
  const { desired, active, approvedPrune, prune } = input;
  const kept = new Map(absent.map((task) => [task.name, keptSchedule(task, { approvedPrune, prune })]));
  const names = absent.flatMap(({ name }) => (kept.get(name) === null ? [name] : []));
  const elsewhere = new Set(desired.unselected.values());
  const refusal = guardPrune({ names, activeCount: active.size, desired, unreadable, approvedPrune, prune });
  return absent.map((before): Change => {
    const { name, path } = before;
    const message = kept.get(name) ?? null;
    if (message !== null) {
      const effects = [{ code: 'ScheduleKept', danger: false, message }] as const;
      return { name, path, action: 'unchanged', reason: 'PruneDisabled', before, after: before, effects };
    }
    if (refusal === null) {
      const reason = elsewhere.has(name) ? 'NotSelected' : 'ManifestRemoved';
      return { name, path, action: 'delete', reason, before, after: null, effects: deleteEffects(before) };
    }
    return {
      ...{ name, path, action: 'blocked', reason: refusal.reason, before, after: before },
      effects: [{ code: 'PruneBlocked', danger: false, message: refusal.message }],
    };
  });
}

/** By code unit, so that the order is the same everywhere. Manifests without a name come last. */
function byNameThenPath(left: Change, right: Change): number {
  if (left.name !== right.name) return (left.name ?? '~') < (right.name ?? '~') ? -1 : 1;
  return left.path < right.path ? -1 : 1;
}

function sameTexts(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  if (left === right) return true;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

function summaryOf(changes: readonly Change[]): PlanSummary {
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  for (const { action } of changes) counts[action] += 1;
  return counts;
}
