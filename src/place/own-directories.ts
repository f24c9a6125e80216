import { posix } from 'node:path';
import type { TaskSpec } from '../model/task.ts';
import { type LocalPlace, relationOfLocal } from './local-place.ts';
import type { Place } from './place.ts';
import { isOverlap } from './relation.ts';

/** The directories that Cloudsync itself works with. */
export interface OwnDirectories {
  /** `null`: none is known. */
  readonly state: LocalPlace | null;
  readonly tasks: LocalPlace | null;
}

export interface Intrusion {
  readonly directory: 'state' | 'tasks';
  readonly side: 'source' | 'destination';
  readonly where: LocalPlace;
  /** A pattern that would leave the directory out; `null`: none does. */
  readonly exclusion: string | null;
}

interface Sides {
  readonly sources: readonly Place[];
  readonly destinations: readonly Place[];
}

/**
 * What a run would do to these directories that none may: read what is in the state, tokens among it, or write or delete
 * in either. To read manifests does no harm.
 */
export function intrusionOf(
  { sources, destinations }: Sides,
  spec: Pick<TaskSpec, 'transferMode' | 'exclude' | 'followSymlinks'>,
  { state, tasks }: OwnDirectories,
): Intrusion | null {
  const moves = spec.transferMode === 'MOVE';
  if (state !== null) {
    if (overlapping(destinations, state) !== null)
      return { directory: 'state', side: 'destination', where: state, exclusion: null };
    const source = overlapping(sources, state);
    const exclusions = source === null || moves ? [] : exclusionsOf(source, state);
    if (source !== null && !leavesOut(spec, exclusions)) {
      return { directory: 'state', side: 'source', where: state, exclusion: exclusions[0] ?? null };
    }
  }
  if (tasks === null) return null;
  if (overlapping(destinations, tasks) !== null)
    return { directory: 'tasks', side: 'destination', where: tasks, exclusion: null };
  if (!moves || overlapping(sources, tasks) === null) return null;
  return { directory: 'tasks', side: 'source', where: tasks, exclusion: null };
}

/** What is wrong, without whose side it is, and what to do. */
export function intrusionText({ directory, side, where, exclusion }: Intrusion): { message: string; hint: string } {
  const elsewhere = 'choose a place outside of it';
  if (directory === 'tasks') {
    const message = `overlaps the tasks directory ${where.path}, and the run would write or delete there`;
    return { message, hint: elsewhere };
  }
  const how = side === 'source' ? 'whose tokens are not to be copied' : 'in which nothing else may write';
  const hint =
    exclusion === null ? elsewhere : `leave it out by exclude: ["${exclusion}"], or choose another --state-dir`;
  return { message: `overlaps the state directory ${where.path}, ${how}`, hint };
}

function overlapping(places: readonly Place[], directory: LocalPlace): LocalPlace | null {
  for (const place of places) {
    if (place.kind === 'local' && isOverlap(relationOfLocal(place, directory))) return place;
  }
  return null;
}

/** Patterns that leave a directory out of a source above it, the narrowest first; none where it is not above by name. */
function exclusionsOf(source: LocalPlace, directory: LocalPlace): readonly string[] {
  const below = posix.relative(source.path, directory.path);
  if (below === '' || below.startsWith('..')) return [];
  const parts = below.replaceAll(/[\\*?[\]{}]/g, '\\$&').split('/');
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}/**`);
}

/** Of an exclude that is written plainly: excludes come first, and the first that matches wins. */
function leavesOut(
  { exclude, followSymlinks }: Pick<TaskSpec, 'exclude' | 'followSymlinks'>,
  patterns: readonly string[],
) {
  return !followSymlinks && exclude.some((each) => patterns.includes(each.endsWith('/') ? `${each}**` : each));
}
