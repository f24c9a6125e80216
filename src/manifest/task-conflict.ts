import type { ParsedManifest, ResolvedTask } from '../model/desired.ts';
import type { Severity } from '../model/problem.ts';
import type { ManifestContext } from './context.ts';
import { type CrossProblem, placeText } from './cross-problem.ts';
import { type OverlapEntry, overlappingPairs, overlaps } from './overlap.ts';
import { type TaskLocations, taskLocations } from './task-location.ts';

interface Placed extends TaskLocations {
  readonly manifest: ParsedManifest;
  readonly task: ResolvedTask;
  readonly destructive: boolean;
}

/** Tasks that would undo each other's work, and tasks that would eat their own tail. */
export function taskConflicts(
  resolved: readonly { readonly manifest: ParsedManifest; readonly task: ResolvedTask }[],
  owners: ReadonlyMap<string, string>,
  context: ManifestContext,
): readonly CrossProblem[] {
  const placed = resolved.map(({ manifest, task }): Placed => {
    return { manifest, task, destructive: task.spec.transferMode !== 'COPY', ...taskLocations(task, context) };
  });
  const sameDestination = overlappingPairs(
    placed.map((each) => entry(each, each.destination)),
    () => true,
  );
  const opposite = overlappingPairs(
    placed.map((each) => entry(each, each.remote)),
    (outer, inner) => outer.task.spec.direction !== inner.task.spec.direction && overlaps(outer.local, inner.local),
  );
  const pairProblems = (message: (other: string) => string) => (pair: readonly [Placed, Placed]) =>
    conflict(pair, message, owners, context);
  return [
    ...placed.flatMap(ownOverlap),
    ...sameDestination.flatMap(pairProblems((other) => `this task and ${other} write to overlapping places`)),
    ...opposite.flatMap(pairProblems((other) => `this task and ${other} sync the same places in opposite directions`)),
  ];
}

function entry(placed: Placed, key: string): OverlapEntry<Placed> {
  return { key, item: placed, marked: placed.destructive };
}

function ownOverlap({ manifest, task, source, destination }: Placed): readonly CrossProblem[] {
  const inside = destination.startsWith(source);
  // A copy from below goes up once and is done; a sync would delete its own source.
  const deletesSource = task.spec.transferMode === 'SYNC' && source.startsWith(destination);
  if (!inside && !deletesSource) return [];
  const message = inside
    ? 'the destination is inside the source, so the task would copy its own copies'
    : 'the source is inside the destination, so SYNC would delete it';
  const hint = 'choose places of which neither contains the other';
  return [{ manifest, code: 'CS034', severity: 'error', place: 'spec.path', message, hint }];
}

function conflict(
  pair: readonly [Placed, Placed],
  message: (other: string) => string,
  owners: ReadonlyMap<string, string>,
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
    const severity = severityFor(self.task, other.task, owners);
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
function severityFor(self: ResolvedTask, other: ResolvedTask, owners: ReadonlyMap<string, string>): Severity {
  if (!self.spec.enabled || !other.spec.enabled) return 'warning';
  const isOwner = (task: ResolvedTask) => owners.get(task.name) === task.path;
  return isOwner(self) && !isOwner(other) ? 'warning' : 'error';
}
