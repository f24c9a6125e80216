import { isSuccess } from '../model/run.ts';
import { plural } from '../model/wording.ts';
import type { Ending } from './ending.ts';
import type { RunOrder, RunTools } from './run-order.ts';

/**
 * A COPY or MOVE of nothing succeeds, also where a disk is not mounted. Where the last success had files, the run says
 * so, and what it had is kept for the next one.
 */
export function withEmptiedWarning(
  { task: { spec, specHash }, memory: { success } }: RunOrder,
  { memory: pen }: Pick<RunTools, 'memory'>,
  ending: Ending,
): Ending {
  if (spec.transferMode === 'SYNC' || !isSuccess(ending.outcome)) return ending;
  const { checks, transfers } = ending.stats;
  // A file that is replaced is among both.
  const sourceFiles = Math.max(checks, transfers);
  pen.onSuccess({ sourceFiles });
  const before = success?.specHash === specHash ? (success.sourceFiles ?? 0) : 0;
  if (sourceFiles > 0 || before === 0) return ending;
  const warning =
    `the source holds no file for this task, and when it last succeeded it held at least ${plural(before, 'file')}; ` +
    'check that the right disk is mounted there';
  return { ...ending, outcome: 'SucceededWithWarnings', warnings: [...ending.warnings, warning] };
}
