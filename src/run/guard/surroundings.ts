import type { RunTools } from '../run-order.ts';
import type { Surroundings } from './verdict.ts';

export function surroundingsOf(
  { environment, state, tasksDirectory }: Pick<RunTools, 'environment' | 'state' | 'tasksDirectory'>,
  acceptFileSystem = false,
): Surroundings {
  return { environment, stateDirectory: state.path, tasksDirectory, acceptFileSystem };
}
