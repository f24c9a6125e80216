import type { RunTools } from '../run-order.ts';
import type { Surroundings } from './verdict.ts';

export function surroundingsOf(
  {
    environment,
    state,
    tasksDirectory,
    confinement,
  }: Pick<RunTools, 'environment' | 'state' | 'tasksDirectory' | 'confinement'>,
  acceptFileSystem = false,
): Surroundings {
  return {
    environment,
    stateDirectory: state.path,
    tasksDirectory,
    pathRoots: confinement.pathRoots,
    acceptFileSystem,
  };
}
