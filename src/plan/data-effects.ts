import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import type { TransferMode } from '../model/task.ts';
import { consequence, isDestructive } from './consequence.ts';
import { credentialEffects } from './credential-effects.ts';
import { encryptionEffects } from './encryption-effects.ts';
import { limitEffects } from './limit-effects.ts';
import { namesOf, routeOf } from './route.ts';
import { runEffects } from './run-effects.ts';
import { safetyEffects } from './safety-effects.ts';
import { scriptEffects } from './script-effects.ts';

/** What an update means for the files at both ends. */
export function dataEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  return [
    modeEffects,
    directionEffects,
    locationEffects,
    credentialEffects,
    encryptionEffects,
    includeEffects,
    filterEffects,
    limitEffects,
    emptyDirectoryEffects,
    safetyEffects,
    scriptEffects,
    runEffects,
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
  const message = `${[...moved, ...layoutChanges(before, after)].join('; ')}: ${consequence(after)}`;
  return [{ code: 'LocationChanged', danger: isDestructive(after), message }];
}

/** A list of paths is laid out otherwise than one path, and what leaves the list is not cleaned up. */
function layoutChanges(before: ResolvedTask, after: ResolvedTask): readonly string[] {
  const old = namesOf(before);
  const now = namesOf(after);
  if (old === null && now === null) return [];
  if (old === null) return ['each path now goes to its own name there'];
  if (now === null) return ['the path now goes there itself, and no longer to its own name'];
  const left = old.filter((name) => !now.includes(name));
  return left.length === 0 ? [] : [`what was sent as ${left.join(', ')} stays there`];
}

/** Whether anything is included by name decides about everything that is not. */
function includeEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const had = before.spec.include.length > 0;
  const has = after.spec.include.length > 0;
  if (had === has) return [];
  const message = has
    ? 'only files that an include matches are taken now, and all others are left out'
    : 'nothing is included by name any more, so that all files are taken that no exclude leaves out';
  return [{ code: 'FiltersChanged', danger: false, message }];
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

export function emptyDirectoryEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  if (after.spec.deleteEmptySourceDirectories !== true || before?.spec.deleteEmptySourceDirectories === true) return [];
  const message = `folders in ${routeOf(after).source} that are empty after a run will be deleted`;
  return [{ code: 'MovesFromSource', danger: true, message }];
}
