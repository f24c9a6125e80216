import { join } from 'node:path';
import { commandsOfCredential, commandsOfTask } from '../model/command-use.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { isInside, placesOf, realPlace } from './real-place.ts';

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
): Promise<string | null> {
  const used = [...commandsOfTask(spec), ...(credential === null ? [] : commandsOfCredential(credential))];
  if (!commands && used.length > 0) return `spec.${used[0]?.join('.')} runs a command, which --no-scripts forbids`;
  if (pathRoots.length === 0) return null;
  const roots = await placesOf(pathRoots);
  const { root } = credential?.provider === 'local' ? credential.options : {};
  const paths = [...spec.paths, ...(typeof root === 'string' ? [join(root, spec.remote.folder)] : [])];
  for (const path of paths) {
    const place = await realPlace(path);
    if (!place.ok) return place.error;
    if (!roots.some((each) => isInside(place.value, each))) {
      return `${path} leads to ${place.value}, which is in none of the folders of --path-root: ${pathRoots.join(', ')}`;
    }
  }
  return null;
}
