import type { ParsedManifest, ResolvedTask } from '../model/desired.ts';
import type { FarPlace } from '../model/far-place.ts';
import { farKeys, sureKey } from '../place/far-place.ts';
import { type Place, relationOf } from '../place/place.ts';
import { regionKey } from '../place/region.ts';
import { isOverlap } from '../place/relation.ts';
import { type OverlapEntry, overlappingPairs } from './overlap.ts';
import type { TaskLocations } from './task-location.ts';

/** A task with where it reads and writes. */
export interface Placement {
  readonly manifest: ParsedManifest;
  readonly task: ResolvedTask;
  readonly locations: readonly TaskLocations[];
}

/** Two tasks that use one place in ways that do not go together. */
export interface Meeting {
  readonly first: Placement;
  readonly second: Placement;
  /** What of it they both use. `moved`: one takes away what the other reads, writes or takes away. */
  readonly kind: 'destination' | 'opposite' | 'moved' | 'backup';
  /** Whether it is one place for sure, and not only a service at which it may be one. */
  readonly isSure: boolean;
}

interface Use {
  readonly placement: Placement;
  readonly place: Place;
  readonly at: TaskLocations;
  readonly as: 'source' | 'destination' | 'backup';
}

/** Each pair once, however often it meets. The places are sorted, and so ten thousand tasks are no ten million pairs. */
export function tasksThatMeet(placements: readonly Placement[]): readonly Meeting[] {
  const uses = placements.flatMap(usesOf);
  const sure = (of: readonly Use[], isMarked: (use: Use) => boolean, accepts: Accepts) =>
    overlappingPairs(
      of.flatMap((use) => sureKeys(use.place).map((key) => ({ key, item: use, marked: isMarked(use) }))),
      (outer, inner) =>
        isOther(outer, inner) && accepts(outer, inner) && isOverlap(relationOf(outer.place, inner.place)),
    );
  const destinations = uses.filter(({ as }) => as === 'destination');
  const remotes = uses.filter(({ as, placement }) => as === (pushes(placement) ? 'destination' : 'source'));
  const contested = uses.filter(isContested);
  return onceEach([
    ...meetings(
      'destination',
      true,
      sure(destinations, isDestructive, () => true),
    ),
    ...meetings('opposite', true, sure(remotes, isDestructive, areOpposite)),
    ...meetings(
      'moved',
      true,
      sure(contested, isTakenAway, (one, other) => isTakenAway(one) || isTakenAway(other)),
    ),
    ...meetings('backup', true, sure(uses.filter(isBackupOrWritten), isBackup, isInBackup)),
    ...meetings('destination', false, maybePairs(destinations)),
  ]);
}

type Accepts = (outer: Use, inner: Use) => boolean;

function usesOf(placement: Placement): readonly Use[] {
  return placement.locations.flatMap((at) => [
    ...at.source.map((place): Use => ({ placement, place, at, as: 'source' })),
    ...at.destination.map((place): Use => ({ placement, place, at, as: 'destination' })),
    ...at.backup.map((place): Use => ({ placement, place, at, as: 'backup' })),
  ]);
}

function sureKeys(place: Place): readonly string[] {
  return place.kind === 'local' ? place.regions.map(regionKey) : [sureKey(place)];
}

/** Two accounts or logins of one service that may be one. Where all that tells them apart is known, none may. */
function maybePairs(uses: readonly Use[]): readonly (readonly [Use, Use])[] {
  const far = uses.flatMap((use) => (use.place.kind === 'far' ? [{ use, place: use.place }] : []));
  const services = new Map<string, typeof far>();
  for (const each of far) {
    const known = services.get(each.place.service) ?? [];
    if (known.length === 0) services.set(each.place.service, known);
    known.push(each);
  }
  const entries = [...services.values()].flatMap((found): readonly OverlapEntry<Use>[] => {
    const withHome = found.some(({ place }) => place.parts[0] === '~');
    const isSeveral = new Set(found.map(({ place }) => accountKey(place))).size > 1;
    if (!isSeveral || !found.some(({ place }) => place.marks.some(({ known }) => !known))) return [];
    return found.flatMap(({ use, place }) =>
      farKeys(place, withHome).map((key) => ({ key, item: use, marked: isDestructive(use) })),
    );
  });
  return overlappingPairs(
    entries,
    (outer, inner) => isOther(outer, inner) && relationOf(outer.place, inner.place) === 'unknown',
  );
}

/** Equal for places of one account that are told apart by their folders alone. */
function accountKey({ marks, parts }: FarPlace): string {
  return JSON.stringify([marks.map(({ value }) => value), ['/', '~'].includes(parts[0] ?? '') ? parts[0] : '']);
}

/** A task with a list of paths has several places. */
function isOther(one: Use, other: Use): boolean {
  return one.placement.task !== other.placement.task;
}

function isDestructive({ placement }: Pick<Use, 'placement'>): boolean {
  return placement.task.spec.transferMode !== 'COPY';
}

function pushes({ task }: Placement): boolean {
  return task.spec.direction === 'PUSH';
}

function areOpposite(outer: Use, inner: Use): boolean {
  if (pushes(outer.placement) === pushes(inner.placement)) return false;
  return outer.at.local.some((one) => inner.at.local.some((other) => isOverlap(relationOf(one, other))));
}

function isTakenAway({ as, placement }: Use): boolean {
  return as === 'source' && placement.task.spec.transferMode === 'MOVE';
}

/** A copy into what is moved on is a way to work, and so is a copy of what is moved later. */
function isContested(use: Use): boolean {
  return isTakenAway(use) || (use.as !== 'backup' && use.placement.task.spec.transferMode === 'SYNC');
}

function isBackup({ as }: Use): boolean {
  return as === 'backup';
}

function isBackupOrWritten({ as }: Use): boolean {
  return as !== 'source';
}

/** Two tasks may set aside in one folder, each run in its own; what another writes there may be pruned. */
function isInBackup(outer: Use, inner: Use): boolean {
  return isBackup(outer) && inner.as === 'destination';
}

function meetings(kind: Meeting['kind'], isSure: boolean, pairs: readonly (readonly [Use, Use])[]): readonly Meeting[] {
  return pairs.map(([first, second]) => ({ first: first.placement, second: second.placement, kind, isSure }));
}

/** Two tasks can meet at many places and in several ways, and one is enough to say. */
function onceEach(found: readonly Meeting[]): readonly Meeting[] {
  const partners = new Map<ResolvedTask, Set<ResolvedTask>>();
  return found.filter(({ first: { task: first }, second: { task: second } }) => {
    if (partners.get(first)?.has(second) === true || partners.get(second)?.has(first) === true) return false;
    partners.set(first, (partners.get(first) ?? new Set()).add(second));
    return true;
  });
}
