import type { Action, Change, ChangeReason, Plan } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import type { SavedChange, SavedPlan } from './saved-plan.ts';

/** More are counted and not named. */
const namedDifferences = 3;

interface Difference {
  readonly name: string;
  readonly saved: SavedChange | undefined;
  readonly now: Change | undefined;
}

/** Why a plan that was saved is not the one that would be done now: which side moved, and what differs. */
export function staleText(saved: SavedPlan, now: Plan): string {
  const differences = differencesBetween(saved, now);
  const named = differences.slice(0, namedDifferences).map(differenceText);
  const rest = differences.length > namedDifferences ? [`${differences.length - namedDifferences} more`] : [];
  const inForce = saved.changes.every((change) => isInForce(change, now))
    ? '; what the plan shows is in force already'
    : '';
  return `${causeText(differences)}: ${[...named, ...rest].join(', ')}${inForce}`;
}

function differencesBetween(saved: SavedPlan, now: Plan): readonly Difference[] {
  const savedByKey = new Map(saved.changes.map((change) => [keyOf(change), change]));
  const nowByKey = new Map(now.changes.map((change) => [keyOf(change), change]));
  return [...new Set([...savedByKey.keys(), ...nowByKey.keys()])]
    .sort()
    .map((key) => ({ name: key.replace('\0', ''), saved: savedByKey.get(key), now: nowByKey.get(key) }))
    .filter((each) => canonicalJson(sidesOf(each.saved)) !== canonicalJson(sidesOf(each.now)));
}

/** Only a manifest that cannot be read has no name. */
function keyOf({ name, path }: SavedChange | Change): string {
  return name ?? `\0${path}`;
}

interface Sides {
  readonly active: unknown;
  readonly manifest: unknown;
  readonly judgement: readonly [Action, ChangeReason];
}

const nothing = { labels: null, annotations: null };

function sidesOf(change: SavedChange | Change | undefined): Sides | null {
  if (change === undefined) return null;
  const { path, action, reason, before, after } = change;
  // What a guard or an invalid manifest keeps is no manifest of its own.
  const isKept = action === 'blocked' || action === 'delete';
  const { labels, annotations } = after === null ? nothing : 'metadata' in after ? after.metadata : after;
  return {
    active: before === null ? null : [before.path, before.specHash],
    manifest: isKept
      ? null
      : [path, action === 'invalid', action === 'invalid' ? null : [after?.specHash, labels, annotations]],
    judgement: [action, reason],
  };
}

function causeText(differences: readonly Difference[]): string {
  const sides = differences.map(({ saved, now }) => [sidesOf(saved), sidesOf(now)] as const);
  const differ = (side: keyof Sides) =>
    sides.some(([left, right]) => canonicalJson(left?.[side] ?? null) !== canonicalJson(right?.[side] ?? null));
  const [active, manifests] = [differ('active'), differ('manifest')];
  if (active && manifests) return 'both the manifests and what is active have changed since';
  if (active) return 'what is active has changed since';
  return manifests ? 'the manifests have changed since' : 'the prune guard judges otherwise now';
}

function differenceText({ name, saved, now }: Difference): string {
  if (saved === undefined) return `${name} (not in the plan, now ${now?.action})`;
  if (now === undefined) return `${name} (${saved.action}, now gone)`;
  return `${name} (${saved.action}, now ${saved.action === now.action ? `another ${now.action}` : now.action})`;
}

/** Somebody else, such as a daemon that applies by itself, was quicker. */
function isInForce({ name, action, after }: SavedChange, now: Plan): boolean {
  const current = now.changes.find((change) => change.name === name);
  if (action === 'delete') return current === undefined;
  return current?.action === 'unchanged' && current.after?.specHash === after?.specHash;
}
