import type { ParsedManifest, ResolvedTask } from '../model/desired.ts';
import type { Severity } from '../model/problem.ts';
import type { InForce, ManifestContext } from './context.ts';
import { type CrossProblem, placeText } from './cross-problem.ts';
import { type OverlapEntry, overlappingPairs, overlaps } from './overlap.ts';
import { type TaskLocations, taskLocations } from './task-location.ts';

interface Placed extends TaskLocations {
  readonly manifest: ParsedManifest;
  readonly task: ResolvedTask;
  readonly destructive: boolean;
}

/** What of a task does not depend on the others. */
interface Placement {
  readonly manifest: ParsedManifest;
  readonly destinations: readonly OverlapEntry<Placed>[];
  readonly remotes: readonly OverlapEntry<Placed>[];
  readonly ownOverlap: readonly CrossProblem[];
}

/** Tasks that would undo each other's work, and tasks that would eat their own tail. */
export function taskConflicts(
  resolved: readonly { readonly manifest: ParsedManifest; readonly task: ResolvedTask }[],
  active: InForce,
  context: ManifestContext,
): readonly CrossProblem[] {
  const tasks = resolved.map(({ manifest, task }) => placementOf(manifest, task, context));
  const sameDestination = overlappingPairs(
    tasks.flatMap(({ destinations }) => destinations),
    isOther,
  );
  const opposite = overlappingPairs(
    tasks.flatMap(({ remotes }) => remotes),
    (outer, inner) =>
      isOther(outer, inner) &&
      outer.task.spec.direction !== inner.task.spec.direction &&
      overlaps(outer.local, inner.local),
  );
  const pairProblems = (message: (other: string) => string) => (pair: readonly [Placed, Placed]) =>
    conflict(pair, message, active, context);
  return [
    ...tasks.flatMap((task) => task.ownOverlap),
    ...onceEach(sameDestination).flatMap(pairProblems((other) => `this task and ${other} write to overlapping places`)),
    ...onceEach(opposite).flatMap(
      pairProblems((other) => `this task and ${other} sync the same places in opposite directions`),
    ),
  ];
}

/** Of ten thousand tasks, most are as they were when the directory is read again. */
const known = new WeakMap<ResolvedTask, Placement>();

function placementOf(manifest: ParsedManifest, task: ResolvedTask, context: ManifestContext): Placement {
  const last = known.get(task);
  if (last?.manifest === manifest) return last;
  const destructive = task.spec.transferMode !== 'COPY';
  const places = taskLocations(task, context).map((each): Placed => ({ manifest, task, destructive, ...each }));
  const placement = {
    manifest,
    destinations: places.map((each) => entry(each, each.destination)),
    remotes: places.map((each) => entry(each, each.remote)),
    ownOverlap: ownOverlap(places),
  };
  known.set(task, placement);
  return placement;
}

function entry(placed: Placed, key: string): OverlapEntry<Placed> {
  return { key, item: placed, marked: placed.destructive };
}

/** A task with a list of paths has several places. */
function isOther(left: Placed, right: Placed): boolean {
  return left.task !== right.task;
}

/** Two tasks with lists can meet at many places, and one is enough to say. */
function onceEach(pairs: readonly (readonly [Placed, Placed])[]): readonly (readonly [Placed, Placed])[] {
  const partners = new Map<ResolvedTask, Set<ResolvedTask>>();
  return pairs.filter(([{ task: first }, { task: second }]) => {
    if (partners.get(first)?.has(second) === true || partners.get(second)?.has(first) === true) return false;
    partners.set(first, (partners.get(first) ?? new Set()).add(second));
    return true;
  });
}

function ownOverlap(places: readonly Placed[]): readonly CrossProblem[] {
  const pairs = places.flatMap((from) => places.map((to) => ({ ...from, destination: to.destination })));
  const inside = pairs.some(({ source, destination }) => destination.startsWith(source));
  // A copy from below goes up once and is done; a sync would delete its own source.
  const above = pairs.find(
    ({ task, source, destination }) => task.spec.transferMode === 'SYNC' && source.startsWith(destination),
  );
  const [first] = places;
  if (first === undefined || (!inside && above === undefined)) return [];
  const message = inside
    ? 'the destination is inside the source, so the task would copy its own copies'
    : 'the source is inside the destination, so SYNC would delete it';
  const hint = 'choose places of which neither contains the other';
  return [{ manifest: first.manifest, code: 'CS034', severity: 'error', place: 'spec.path', message, hint }];
}

function conflict(
  pair: readonly [Placed, Placed],
  message: (other: string) => string,
  active: InForce,
  context: ManifestContext,
): readonly CrossProblem[] {
  const [first, second] = pair;
  return [
    { self: first, other: second },
    { self: second, other: first },
  ].map(({ self, other }): CrossProblem => {
    const where = `"${other.task.name}" (${placeText(other.manifest, 'spec.remote', context)})`;
    const one = self.destructive ? self : other;
    const reason = `and "${one.task.name}" is a ${one.task.spec.transferMode}`;
    const hint = 'give each its own place, or use COPY for both';
    const severity = severityFor(self.task, other.task, active);
    return {
      manifest: self.manifest,
      code: 'CS034',
      severity,
      place: 'spec.remote',
      message: `${message(where)}, ${reason}`,
      hint,
    };
  });
}

/** A suspended task fights only when somebody runs it; of a task in force and a new one, the new one is wrong. */
function severityFor(self: ResolvedTask, other: ResolvedTask, active: InForce): Severity {
  if (!self.spec.enabled || !other.spec.enabled) return 'warning';
  const isOwner = (task: ResolvedTask) => active.get(task.name)?.path === task.path;
  return isOwner(self) && !isOwner(other) ? 'warning' : 'error';
}
