import type { TaskHistory } from '../../model/history.ts';
import type { Restored, RestoreOrder } from '../../model/restore.ts';
import type { Ending } from '../ending.ts';
import type { RunTools } from '../run-order.ts';

export type RestoreTools = Omit<RunTools, 'onSpawned' | 'onAttempt' | 'memory'>;

export interface RestoreAbout {
  readonly runId: string;
  readonly history: TaskHistory;
}

/** How a restore ended, and what it has put into its directory. */
export interface RestoreEnding {
  readonly ending: Ending;
  readonly restored: Restored;
}

export function nothingRestored({ directory, backup }: RestoreOrder, ending: Ending): RestoreEnding {
  return { ending, restored: { directory, backup, files: 0, bytes: 0, kept: 0, keptOther: 0 } };
}

export function warned(ending: Ending, warnings: readonly string[]): Ending {
  if (warnings.length === 0) return ending;
  const outcome = ending.outcome === 'Succeeded' ? 'SucceededWithWarnings' : ending.outcome;
  return { ...ending, outcome, warnings: [...ending.warnings, ...warnings] };
}
