import { posix } from 'node:path';
import type { TaskSpec } from '../../model/task.ts';
import { readPlaces } from '../../place/disk/read-place.ts';
import { type LocalPlace, relationOfLocal } from '../../place/local-place.ts';
import { isOverlap } from '../../place/relation.ts';
import { escapeGlob } from '../../rclone/filter-selection.ts';
import { placesOfTask, type Side } from '../task-places.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/**
 * No run reads what Cloudsync keeps, tokens among it, nor writes or deletes there, nor changes manifests. To read
 * manifests does no harm.
 */
export const ownDirectoriesGuard: Guard = async ({ task, local, around }) => {
  const { spec } = task;
  const places = await placesOfTask(task, around.environment, local.selection);
  if (!places.ok) return cannotTell({ message: places.error, retryable: false });
  const [sources, destinations] =
    spec.direction === 'PUSH' ? [places.value.local, places.value.far] : [places.value.far, places.value.local];
  const names = [around.stateDirectory, ...(around.tasksDirectory === null ? [] : [around.tasksDirectory])];
  const [state, tasks] = (await readPlaces(names)).map((place) => (place.ok ? place.value : null));
  if (state !== null && state !== undefined) {
    const written = overlapping(destinations, state);
    if (written !== null) return blocked(stateSentence('destination', written, state));
    const read = overlapping(sources, state);
    const exclusion = read === null ? null : exclusionOf(read.place, state);
    const leftOut = exclusion !== null && spec.transferMode !== 'MOVE' && leavesOut(spec, exclusion);
    if (read !== null && !leftOut) return blocked(stateSentence('source', read, state, exclusion));
  }
  if (tasks === null || tasks === undefined) return pass;
  const written = overlapping(destinations, tasks);
  if (written !== null) return blocked(tasksSentence('destination', written, tasks));
  const emptied = spec.transferMode === 'MOVE' ? overlapping(sources, tasks) : null;
  return emptied === null ? pass : blocked(tasksSentence('source', emptied, tasks));
};

interface Met {
  readonly name: string;
  readonly place: LocalPlace;
}

function overlapping(sides: readonly Side[], directory: LocalPlace): Met | null {
  for (const { name, places } of sides) {
    for (const place of places) {
      if (place.kind === 'local' && isOverlap(relationOfLocal(place, directory))) return { name, place };
    }
  }
  return null;
}

/** The pattern that leaves a directory out of a source above it; `null`: the source is not above it by name. */
function exclusionOf(source: LocalPlace, directory: LocalPlace): readonly string[] | null {
  const below = posix.relative(source.path, directory.path);
  if (below === '' || below.startsWith('..')) return null;
  const parts = below.split('/');
  return parts.map((_, index) => `/${escapeGlob(parts.slice(0, parts.length - index).join('/'))}/**`);
}

/** Of an exclude that is written plainly; what comes first in the list wins, and excludes come first. */
function leavesOut({ exclude, followSymlinks }: TaskSpec, exclusions: readonly string[]): boolean {
  return (
    !followSymlinks && exclude.some((pattern) => exclusions.includes(pattern.endsWith('/') ? `${pattern}**` : pattern))
  );
}

function stateSentence(
  side: 'source' | 'destination',
  { name }: Met,
  state: LocalPlace,
  exclusion: readonly string[] | null = null,
): string {
  const how = side === 'source' ? 'whose tokens are not to be copied' : 'in which nothing else may write';
  const hint =
    exclusion === null
      ? 'choose another place, or another --state-dir'
      : `leave it out by exclude: ["${exclusion[0]}"], or choose another --state-dir`;
  return `the ${side} ${name} overlaps the state directory ${state.path}, ${how}; ${hint}`;
}

function tasksSentence(side: 'source' | 'destination', { name }: Met, tasks: LocalPlace): string {
  return (
    `the ${side} ${name} overlaps the tasks directory ${tasks.path}, and the run would write or delete there; ` +
    'choose a place outside of it'
  );
}
