import type { ParsedManifest, ResolvedTask } from '../model/desired.ts';
import type { Severity } from '../model/problem.ts';
import { relationOf } from '../place/place.ts';
import { type Meeting, type Placement, tasksThatMeet } from './conflict-search.ts';
import type { InForce, ManifestContext } from './context.ts';
import { type CrossProblem, placeText } from './cross-problem.ts';
import { ownDirectoryProblems } from './own-directories.ts';
import { type LookedUp, taskLocations } from './task-location.ts';

/** Tasks that would undo each other's work, and tasks that would eat their own tail. */
export function taskConflicts(
  resolved: readonly { readonly manifest: ParsedManifest; readonly task: ResolvedTask }[],
  active: InForce,
  context: ManifestContext,
): readonly CrossProblem[] {
  const placements = resolved.map(({ manifest, task }) => placementOf(manifest, task, context));
  return [
    ...placements.flatMap(ownOverlap),
    ...placements.flatMap((placement) => ownDirectoryProblems(placement, context)),
    ...tasksThatMeet(placements).flatMap((meeting) => conflict(meeting, active, context)),
  ];
}

/** Of ten thousand tasks, most are as they were when the directory is read again. */
const known = new WeakMap<ResolvedTask, KnownPlacement>();

interface KnownPlacement extends Placement {
  /** What was known of the local paths on which it rests. */
  readonly lookedUp: readonly LookedUp[];
}

function placementOf(manifest: ParsedManifest, task: ResolvedTask, context: ManifestContext): Placement {
  const last = known.get(task);
  const isStill = ([path, place]: LookedUp) => context.localPlace(path) === place;
  if (last?.manifest === manifest && last.lookedUp.every(isStill)) return last;
  const placement = { manifest, task, ...taskLocations(task, context) };
  known.set(task, placement);
  return placement;
}

function ownOverlap({ manifest, task, locations }: Placement): readonly CrossProblem[] {
  const { transferMode } = task.spec;
  const sources = locations.flatMap(({ source }) => source);
  const destinations = locations.flatMap(({ destination }) => destination);
  const relations = sources.flatMap((from) => destinations.map((to) => relationOf(from, to)));
  const inside = relations.some((relation) => ['same', 'contains', 'crosses'].includes(relation));
  // A copy from below goes up once and is done; what deletes would delete its own source.
  const above = transferMode !== 'COPY' && relations.includes('inside');
  if (!inside && !above) return [];
  const message = inside
    ? 'the destination is inside the source, so the task would copy its own copies'
    : `the source is inside the destination, so ${transferMode} would delete it`;
  const hint = 'choose places of which neither contains the other';
  return [{ manifest, code: 'CS034', severity: 'error', place: 'spec.path', message, hint }];
}

function conflict(
  { first, second, kind, isSure }: Meeting,
  active: InForce,
  context: ManifestContext,
): readonly CrossProblem[] {
  return [
    { self: first, other: second },
    { self: second, other: first },
  ].map(({ self, other }): CrossProblem => {
    const where = `"${other.task.name}" (${placeText(other.manifest, 'spec.remote', context)})`;
    return {
      manifest: self.manifest,
      code: 'CS034',
      severity: isSure ? severityFor(self.task, other.task, active) : 'warning',
      place: 'spec.remote',
      message: `${meetingText(kind, where, isSure)}, and ${destructiveText(self.task, other.task)}`,
      hint: isSure
        ? 'give each its own place, or use COPY for both'
        : 'if they are two accounts or servers, nothing is wrong; else give each its own place',
    };
  });
}

function meetingText(kind: Meeting['kind'], other: string, isSure: boolean): string {
  switch (kind) {
    case 'destination':
      return `this task and ${other} ${isSure ? 'write' : 'may write'} to overlapping places`;
    case 'opposite':
      return `this task and ${other} sync the same places in opposite directions`;
    case 'moved':
      return `this task and ${other} use the same files, which a MOVE takes away`;
    case 'backup':
      return `this task and ${other} use one folder, which keeps backups for one of them`;
    default:
      return kind satisfies never;
  }
}

function destructiveText(self: ResolvedTask, other: ResolvedTask): string {
  const one = self.spec.transferMode === 'COPY' ? other : self;
  return `"${one.name}" is a ${one.spec.transferMode}`;
}

/** A suspended task fights only when somebody runs it; of a task in force and a new one, the new one is wrong. */
function severityFor(self: ResolvedTask, other: ResolvedTask, active: InForce): Severity {
  if (!self.spec.enabled || !other.spec.enabled) return 'warning';
  const isOwner = (task: ResolvedTask) => active.get(task.name)?.path === task.path;
  return isOwner(self) && !isOwner(other) ? 'warning' : 'error';
}
