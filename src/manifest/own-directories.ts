import { intrusionOf, intrusionText } from '../place/own-directories.ts';
import type { Placement } from './conflict-search.ts';
import type { ManifestContext } from './context.ts';
import type { CrossProblem } from './cross-problem.ts';

/** A task that would read the state directory, or write or delete there or among the manifests. */
export function ownDirectoryProblems(
  { manifest, task, locations }: Placement,
  { stateDirectory, baseDirectory, localPlace }: ManifestContext,
): readonly CrossProblem[] {
  const state = stateDirectory === null ? null : localPlace(stateDirectory);
  const sides = {
    sources: locations.flatMap(({ source }) => source),
    destinations: locations.flatMap(({ destination }) => destination),
  };
  const found = intrusionOf(sides, task.spec, { state, tasks: localPlace(baseDirectory) });
  if (found === null) return [];
  const isLocal = (found.side === 'source') === (task.spec.direction === 'PUSH');
  const { message, hint } = intrusionText(found);
  return [
    {
      manifest,
      code: 'CS050',
      severity: 'error',
      place: isLocal ? 'spec.path' : 'spec.remote',
      message: `the ${found.side} ${message}`,
      hint,
    },
  ];
}
