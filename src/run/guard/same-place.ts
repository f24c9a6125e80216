import { join } from 'node:path';
import { unreachable } from '../../model/result.ts';
import type { TransferMode } from '../../model/task.ts';
import { linksFollowed } from '../../place/disk/links-below.ts';
import { type Place, relationOf } from '../../place/place.ts';
import { isOverlap, type Relation } from '../../place/relation.ts';
import { placesOfTask, type Side } from '../task-places.ts';
import { blocked, cannotTell, type Guard, type GuardInput, pass } from './verdict.ts';

/**
 * Both sides are shown to be different places, as far as their names show it: a run onto itself would delete its own
 * source, or copy its own copies, or call a backup what is none.
 */
export const samePlaceGuard: Guard = async (input) => {
  const { task, local, around, rclone } = input;
  const { direction, transferMode, safety } = task.spec;
  const places = await placesOfTask(task, around.environment, local.selection);
  if (!places.ok) return cannotTell({ message: places.error, retryable: false });
  const { local: here, far } = places.value;
  const [sources, destinations] = direction === 'PUSH' ? [here, far] : [far, here];
  const met =
    meeting(sources, destinations, (relation) => isHarmful(relation, transferMode)) ??
    (task.spec.followSymlinks ? await meetingByLinks(sources, destinations, rclone.signal) : null);
  if (met !== null) return blocked(overlapSentence(met, transferMode));
  if (safety.backupFolder === null) return pass;
  const backup = await backupSide(input, safety.backupFolder);
  if (!backup.ok) return cannotTell({ message: backup.error, retryable: false });
  const kept = meeting(sources, backup.value, isOverlap);
  return kept === null ? pass : blocked(backupSentence(kept));
};

export interface Meeting {
  readonly source: string;
  readonly destination: string;
  readonly relation: Relation;
  /** Where both lead; `null`: elsewhere. */
  readonly path: string | null;
}

function meeting(
  sources: readonly Side[],
  destinations: readonly Side[],
  isMet: (relation: Relation) => boolean,
): Meeting | null {
  for (const source of sources) {
    for (const destination of destinations) {
      for (const [one, other] of pairsOf(source.places, destination.places)) {
        const relation = relationOf(one, other);
        if (!isMet(relation)) continue;
        const inner = relation === 'contains' ? other : one;
        const path = inner.kind === 'local' ? inner.path : null;
        return { source: source.name, destination: destination.name, relation, path };
      }
    }
  }
  return null;
}

/** rclone follows links on both sides, and would then also delete where they lead. */
async function meetingByLinks(
  sources: readonly Side[],
  destinations: readonly Side[],
  signal: AbortSignal,
): Promise<Meeting | null> {
  // What lies elsewhere has no links that lead here.
  if (![sources, destinations].every((sides) => sides.some(({ places }) => places.some(isLocal)))) return null;
  const [from, to] = [await followed(sources, signal), await followed(destinations, signal)];
  return (
    meeting(from, destinations, isOverlap) ?? meeting(sources, to, isOverlap) ?? meeting(from, to, isOverlap) ?? null
  );
}

async function followed(sides: readonly Side[], signal: AbortSignal): Promise<readonly Side[]> {
  const found: Side[] = [];
  for (const place of sides.flatMap(({ places }) => places)) {
    if (place.kind !== 'local') continue;
    for await (const { path, place: target } of linksFollowed(place.path, signal)) {
      if (target.ok) found.push({ name: `${path} (a link)`, places: [target.value] });
    }
  }
  return found;
}

function isLocal({ kind }: Place): boolean {
  return kind === 'local';
}

function pairsOf(left: readonly Place[], right: readonly Place[]): readonly (readonly [Place, Place])[] {
  return left.flatMap((one) => right.map((other) => [one, other] as const));
}

/** A copy from below the destination goes up once and is done; whatever deletes would delete its own source. */
function isHarmful(relation: Relation, mode: TransferMode): boolean {
  return isOverlap(relation) && !(mode === 'COPY' && relation === 'inside');
}

function overlapSentence({ source, destination, relation, path }: Meeting, mode: TransferMode): string {
  const where = path === null ? '' : ` (${path})`;
  const hint = 'choose places of which neither contains the other';
  switch (relation) {
    case 'same':
      return `the source ${source} and the destination ${destination} are the same place${where}; ${hint}`;
    case 'inside':
      return `the source ${source} is inside the destination ${destination}${where}, and ${mode} would delete it there; ${hint}`;
    case 'contains':
      return `the destination ${destination} is inside the source ${source}${where}, so that it would be copied into itself; ${hint}`;
    case 'crosses':
      return `the source ${source} and the destination ${destination} have a folder in common, by a mount${where}; ${hint}`;
    case 'apart':
    case 'unknown':
      return `the source ${source} and the destination ${destination} may be the same place; ${hint}`;
    default:
      return unreachable(relation);
  }
}

async function backupSide({ task, around }: GuardInput, backupFolder: string) {
  const { spec } = task;
  if (spec.direction === 'PUSH') {
    const places = await placesOfTask(task, around.environment, [backupFolder]);
    return places.ok ? { ok: true as const, value: places.value.far } : places;
  }
  const paths = spec.paths.map((path) => join(path, backupFolder));
  const places = await placesOfTask({ ...task, spec: { ...spec, paths } }, around.environment);
  return places.ok ? { ok: true as const, value: places.value.local } : places;
}

function backupSentence({ source, destination }: Meeting): string {
  return (
    `the backup folder ${destination} and the source ${source} overlap, so that a run would copy what it sets aside; ` +
    'name another spec.safety.backupFolder'
  );
}
