import { apartGuard } from './apart.ts';
import { backupFolderGuard } from './backup-folder.ts';
import { comparisonGuard } from './comparison.ts';
import { destinationMarkerGuard } from './destination-marker.ts';
import { kindGuard } from './kind.ts';
import { linksGuard } from './links.ts';
import { markerGuard } from './marker.ts';
import { ownDirectoriesGuard } from './own-directories.ts';
import { passwordGuard } from './password.ts';
import { rootGuard } from './root.ts';
import { samePlaceGuard } from './same-place.ts';
import { sourceGuard } from './source.ts';
import type { Guard, GuardInput, Verdict } from './verdict.ts';

/** In this order: what costs nothing first, and the key before what is read through it. */
const guards: readonly Guard[] = [
  markerGuard,
  rootGuard,
  kindGuard,
  samePlaceGuard,
  ownDirectoriesGuard,
  linksGuard,
  backupFolderGuard,
  comparisonGuard,
  passwordGuard,
  destinationMarkerGuard,
  sourceGuard,
  apartGuard,
];

/** Of these, what holds for the directory of a restore, which tries the key in a way of its own. */
const restoreGuards: readonly Guard[] = [samePlaceGuard, ownDirectoriesGuard, linksGuard];

/** Runs the guards one after the other, up to the first that does not pass. */
export function guardRun(input: GuardInput): Promise<Verdict> {
  return passAll(guards, input);
}

export function guardRestore(input: GuardInput): Promise<Verdict> {
  return passAll(restoreGuards, input);
}

async function passAll(list: readonly Guard[], input: GuardInput): Promise<Verdict> {
  const warnings: string[] = [];
  for (const guard of list) {
    const verdict = await guard(input);
    if (verdict.kind !== 'pass') return verdict;
    warnings.push(...verdict.warnings);
  }
  return { kind: 'pass', warnings };
}
