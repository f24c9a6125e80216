import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import type { DeleteLimit } from '../model/task.ts';
import { isDestructive } from './consequence.ts';
import { deleteLimitText, durationText } from './quantity-text.ts';
import { backupPlaceOf, namesOf, routeOf } from './route.ts';

/** What held deletes back, or kept what they take, and no longer does; and what is kept or asked for from now on. */
export function safetyEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  return [
    ...loosenedEffects(before, after),
    ...backupEffects(before, after),
    ...retentionEffects(before, after),
    ...markerEffects(before, after),
    ...farMarkerEffects(before, after),
  ];
}

function loosenedEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const old = before.spec.safety;
  const now = after.spec.safety;
  if (after.spec.transferMode !== 'SYNC') return [];
  const { source, destination } = routeOf(after);
  const limits = `${deleteLimitText(old.maxDelete)} → ${deleteLimitText(now.maxDelete)}`;
  const loosened = [
    !old.allowEmptySource && now.allowEmptySource
      ? [`an empty ${source} is accepted now, and would empty ${destination}`]
      : [],
    isRaised(old.maxDelete, now.maxDelete) ? [`more may be deleted under ${destination} than before: ${limits}`] : [],
    old.preflight !== 'never' && now.preflight === 'never'
      ? [
          `preflight ${old.preflight} → never: a run with too many deletes under ${destination} is no longer refused ` +
            `before the first of them, but stopped after ${deleteLimitText(now.maxDelete)}`,
        ]
      : [],
  ].flat();
  return loosened.map((message) => ({ code: 'DeletesAtDestination', danger: true, message }));
}

/** A count and a percentage cannot be compared, so that a change between them may be a raise. */
function isRaised(old: DeleteLimit, now: DeleteLimit): boolean {
  if (old.kind === 'count' && now.kind === 'count') return now.count > old.count;
  if (old.kind === 'percentage' && now.kind === 'percentage') return now.percentage > old.percentage;
  return true;
}

function backupEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const folder = before.spec.safety.backupFolder;
  const from = backupPlaceOf(before);
  const to = backupPlaceOf(after);
  if (folder === after.spec.safety.backupFolder) return [];
  const kept =
    to === null
      ? 'replaced and deleted files will no longer be kept'
      : `replaced and deleted files are kept under ${to}, for each run in a folder of its own`;
  const left = from === null ? '' : `; ${fateOfBackups(from, before, after)}`;
  return [{ code: 'BackupsChanged', danger: from !== null, message: `${kept}${left}` }];
}

/** The folder was left out of the sync, and no longer is: nothing at the source stands for what is in it. */
function fateOfBackups(from: string, before: ResolvedTask, after: ResolvedTask): string {
  const samePlace = routeOf(before).destination === routeOf(after).destination;
  const isReached = samePlace && after.spec.transferMode === 'SYNC' && namesOf(after) === null;
  return isReached ? `those under ${from} will be deleted` : `those under ${from} stay there`;
}

function markerEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  // In an active set that an earlier version has written there is no such key.
  const old = before.spec.safety.requireMarker ?? null;
  const now = after.spec.safety.requireMarker;
  if (old === now) return [];
  const local = after.spec.paths.join(', ');
  if (now !== null) {
    const message = `runs are blocked unless the file ${now} is there, at ${local}`;
    return [{ code: 'GuardChanged', danger: false, message }];
  }
  const message = `runs no longer need the file ${old}, so that they start on ${local} even if no disk is mounted there`;
  return [{ code: 'GuardChanged', danger: isDestructive(after), message }];
}

function farMarkerEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  // In an active set that an earlier version has written there is no such key.
  const old = before.spec.safety.requireDestinationMarker ?? false;
  const now = after.spec.safety.requireDestinationMarker;
  if (old === now) return [];
  const { source, destination } = routeOf(after);
  const far = after.spec.direction === 'PUSH' ? destination : source;
  const message = now
    ? `runs are blocked unless the file ${after.spec.safety.requireMarker} is at ${far} too`
    : `runs no longer need a marker at ${far}, so that they start whatever is there`;
  return [{ code: 'GuardChanged', danger: !now && isDestructive(after), message }];
}

/** Deleting what earlier runs set aside is a danger where it is new, or comes sooner. */
export function retentionEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  // In an active set that an earlier version has written there is no such key.
  const old = before?.spec.safety.backupRetentionMs ?? null;
  const now = after.spec.safety.backupRetentionMs ?? null;
  if (old === now) return [];
  const place = backupPlaceOf(after);
  const message =
    now === null || place === null
      ? 'what earlier runs set aside is no longer deleted after a time'
      : `folders under ${place} of runs longer ago than ${durationText(now)} will be deleted after a successful run`;
  return [{ code: 'BackupsChanged', danger: now !== null && (old === null || now < old), message }];
}
