import { unreachable } from '../model/result.ts';
import type { Outcome } from '../model/run.ts';

/** What a shell script or a CI job can rely on. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Only with `--detailed-exitcode`. */
  changes: 2,
  refused: 3,
  stale: 4,
  noDaemon: 5,
  usage: 64,
  skipped: 75,
  timedOut: 124,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeHelp = `
Exit codes:
  0  done                          5  no daemon, or the state is held
  1  failed or invalid            64  wrong usage
  2  changes present (only with   75  run skipped
     --detailed-exitcode)        124  run or wait timed out
  3  refused by a guard      130/143  stopped by a signal
  4  saved plan is stale`;

export function exitCodeOf(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'Succeeded':
    case 'SucceededWithWarnings':
      return exitCodes.done;
    case 'Failed':
    case 'Interrupted':
    case 'Aborted':
    case 'LimitReached':
    case 'AuthExpired':
      return exitCodes.failed;
    case 'Blocked':
      return exitCodes.refused;
    case 'Skipped':
      return exitCodes.skipped;
    case 'TimedOut':
      return exitCodes.timedOut;
    default:
      return unreachable(outcome);
  }
}
