import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import type { DeleteLimit, TransferMode } from '../model/task.ts';
import { consequence, isDestructive } from './consequence.ts';
import { credentialEffects } from './credential-effects.ts';
import { routeOf } from './route.ts';

/** What an update means for the files at both ends. */
export function dataEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  return [
    modeEffects,
    directionEffects,
    locationEffects,
    credentialEffects,
    encryptionEffects,
    filterEffects,
    safetyEffects,
  ].flatMap((effects) => effects(before, after));
}

/** What the mode does to files, where it is new; `before` is `null` for a new task. */
export function modeEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  const mode = after.spec.transferMode;
  const modeBefore = before?.spec.transferMode;
  const code = modeCodes[mode];
  if (mode === modeBefore || code === null) return [];
  const label = modeBefore === undefined ? mode : `${modeBefore} → ${mode}`;
  return [{ code, danger: true, message: `${label}: ${consequence(after)}` }];
}

const modeCodes: Readonly<Record<TransferMode, Effect['code'] | null>> = {
  SYNC: 'DeletesAtDestination',
  MOVE: 'MovesFromSource',
  COPY: null,
};

/** Dangerous in every mode: what was the source, and so the better copy, is written to. */
function directionEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  if (before.spec.direction === after.spec.direction) return [];
  const { source, destination } = routeOf(after);
  const message =
    `${before.spec.direction} → ${after.spec.direction}: files now go from ${source} to ${destination}; ` +
    consequence(after);
  return [{ code: 'DirectionChanged', danger: true, message }];
}

function locationEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const from = routeOf(before);
  const to = routeOf(after);
  // A change of direction has told it.
  if (before.spec.direction !== after.spec.direction) return [];
  const moved = [
    from.source === to.source ? [] : [`source ${from.source} → ${to.source}`],
    from.destination === to.destination ? [] : [`destination ${from.destination} → ${to.destination}`],
  ].flat();
  if (moved.length === 0) return [];
  return [
    { code: 'LocationChanged', danger: isDestructive(after), message: `${moved.join('; ')}: ${consequence(after)}` },
  ];
}

function encryptionEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const old = before.spec.encryption;
  const now = after.spec.encryption;
  if (canonicalJson(old) === canonicalJson(now)) return [];
  const { source, destination } = routeOf(after);
  const remote = after.spec.direction === 'PUSH' ? destination : source;
  const change =
    old === null
      ? `encryption on: files under ${remote} that are not encrypted no longer count`
      : now === null
        ? `encryption off: files under ${remote} that are encrypted no longer count`
        : old.filenames !== now.filenames
          ? `encryption of filenames ${now.filenames ? 'on' : 'off'}: files under ${remote} no longer count by their old names`
          : `encryption password or salt changed: files under ${remote} can only be read with the old one`;
  return [{ code: 'EncryptionChanged', danger: isDestructive(after), message: `${change}; ${consequence(after)}` }];
}

/** A filter also protects: under SYNC, files at the destination that it no longer covers may be deleted. */
function filterEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const fields = (['exclude', 'include', 'followSymlinks'] as const).filter(
    (field) => canonicalJson(before.spec[field]) !== canonicalJson(after.spec[field]),
  );
  if (!isDestructive(after) || fields.length === 0) return [];
  const message = `${fields.join(', ')} changed, so that other files count than before: ${consequence(after)}`;
  return [{ code: 'FiltersChanged', danger: true, message }];
}

/** What held deletes back under SYNC and no longer does. */
function safetyEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const old = before.spec.safety;
  const now = after.spec.safety;
  if (after.spec.transferMode !== 'SYNC') return [];
  const { source, destination } = routeOf(after);
  const loosened = [
    !old.allowEmptySource && now.allowEmptySource
      ? [`an empty ${source} is accepted now, and would empty ${destination}`]
      : [],
    isRaised(old.maxDelete, now.maxDelete) ? [`one run may delete more under ${destination} than before`] : [],
    old.backupFolder !== null && now.backupFolder === null
      ? [`files deleted under ${destination} are no longer kept`]
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
