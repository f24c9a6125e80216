import { commandsOfCredential, commandsOfTask } from '../model/command-use.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { readPlaces } from '../place/disk/read-place.ts';
import { type LocalPlace, relationOfLocal } from '../place/local-place.ts';
import { farPlaces } from '../provider/far-places.ts';
import { readSections } from './task-places.ts';

/** What tasks may use of this machine, by whoever runs Cloudsync on it. */
export interface Confinement {
  /** Local paths must lie in one of these; empty: anywhere. */
  readonly pathRoots: readonly string[];
  /** Whether scripts, and commands that print secrets, may run. */
  readonly commands: boolean;
}

/**
 * Why a task may not run here, or `null`. Its manifest was held to the same, but may have been applied before, and only
 * here is it known where the links on the way lead.
 */
export async function breachOf(
  { spec, credential }: Pick<ResolvedTask, 'spec' | 'credential'>,
  { pathRoots, commands }: Confinement,
  environment: NodeJS.ProcessEnv,
): Promise<string | null> {
  const used = [...commandsOfTask(spec), ...(credential === null ? [] : commandsOfCredential(credential))];
  if (!commands && used.length > 0) return `spec.${used[0]?.join('.')} runs a command, which --no-scripts forbids`;
  if (pathRoots.length === 0) return null;
  if (spec.followSymlinks) return 'spec.followSymlinks is not allowed with --path-root: a link can lead out of it';
  const far = farPlaces(spec.remote, credential, credential === null ? await readSections(environment) : new Map());
  if (far.some((place) => place.kind === 'far' && place.service === 'rclone.conf')) {
    return `nothing shows that ${spec.remote.rcloneRemote} of rclone.conf stays in the folders of --path-root`;
  }
  const paths = [...spec.paths, ...far.flatMap((place) => (place.kind === 'path' ? [place.path] : []))];
  const roots = await rootPlaces(pathRoots);
  for (const [index, place] of (await readPlaces(paths)).entries()) {
    if (!place.ok) return place.error;
    if (!isWithin(place.value, roots)) {
      return `${paths[index]} leads to ${place.value.path}, which is in none of the folders of --path-root: ${pathRoots.join(', ')}`;
    }
  }
  return null;
}

/** Of the folders of --path-root, those that can be read. */
export async function rootPlaces(pathRoots: readonly string[]): Promise<readonly LocalPlace[]> {
  return (await readPlaces(pathRoots)).flatMap((place) => (place.ok ? [place.value] : []));
}

export function isWithin(place: LocalPlace, roots: readonly LocalPlace[]): boolean {
  return roots.some((root) => ['same', 'inside'].includes(relationOfLocal(place, root)));
}
