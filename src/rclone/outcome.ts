import type { Outcome } from '../model/run.ts';
import { maxWarningNames, type WarningDetail, type WarningReason, warningReasons } from '../model/warning.ts';
import { plural } from '../model/wording.ts';
import { type Evidence, failureText } from './evidence.ts';
import { type FailureCause, failureCause } from './failure-cause.ts';
import type { RcloneExit } from './process.ts';
import { readableError } from './readable-error.ts';
import { warningText } from './warning-text.ts';

/** How a run of rclone ended, judged by its exit and by what it said on the way. */
export interface Classified {
  readonly outcome: Outcome;
  /** Whether the same run may well succeed later. */
  readonly retryable: boolean;
  /** One readable sentence without credentials; `null` on success. */
  readonly lastError: string | null;
  readonly warnings: readonly string[];
  /** The same, and on a failure also what failed, by kind, count and name. */
  readonly warningDetails: readonly WarningDetail[];
}

/** A signal counts as `Aborted`; that it was for a timeout, only the one who sent it knows. */
export function classify(exit: RcloneExit, evidence: Evidence): Classified {
  const outcome = outcomeOf(exit, evidence);
  const success = outcome === 'Succeeded' || outcome === 'SucceededWithWarnings';
  return {
    outcome,
    retryable: outcome === 'Failed' && isRetryable(exit, evidence),
    lastError: success ? null : lastErrorOf(exit, evidence),
    warnings: warningsOf(exit, evidence),
    warningDetails: detailsOf(evidence),
  };
}

function outcomeOf(exit: RcloneExit, evidence: Evidence): Outcome {
  if (exit.spawnError !== null) return 'Failed';
  if (exit.exitCode === 0 && evidence.leftOut > 0) return 'Failed';
  if (exit.exitCode === 0) return warningsOf(exit, evidence).length === 0 ? 'Succeeded' : 'SucceededWithWarnings';
  if (isStopSignal(exit)) return 'Aborted';
  if (causeOf(evidence) === 'expired') return 'AuthExpired';
  // 1.60 ends with 7 where later versions end with 10.
  if (exit.exitCode === 8 || exit.exitCode === 10 || says(evidence, /max transfer duration reached/i)) {
    return 'LimitReached';
  }
  return 'Failed';
}

/** Where rclone handles the signal it ends with 128 and its number; otherwise the signal itself is reported. */
function isStopSignal({ exitCode, signal }: RcloneExit): boolean {
  return ['SIGTERM', 'SIGINT', 'SIGHUP'].includes(signal ?? '') || [129, 130, 143].includes(exitCode ?? 0);
}

/** From outside, most likely for its memory. A wrapper says with 137 that rclone ended by SIGKILL. */
function isKilled({ exitCode }: Pick<RcloneExit, 'exitCode'>): boolean {
  return exitCode === null || exitCode === 137;
}

/**
 * Exit codes 1 and 2 changed places in 1.69 and hold everything without a code of its own, so they say nothing. 6 is also
 * that of a file that changed while it was read, which rclone itself would copy again.
 */
function isRetryable({ exitCode, spawnError }: RcloneExit, evidence: Evidence): boolean {
  if (spawnError !== null) return false;
  if (exitCode === null || isKilled({ exitCode })) return true;
  if ([3, 7, 9].includes(exitCode) || evidence.stats?.fatalError === true) return false;
  // rclone's own judgement differs by version and command, and there is none of a start that fails.
  const cause = causeOf(evidence);
  if (cause !== null) return cause === 'transient';
  if (exitCode === 5 || evidence.stats?.retryError === true) return true;
  return evidence.stats === null && isUnanswered(evidence);
}

/** From 1.69 on S3 says so of a folder, too, of which the server told nothing: it is out of reach, or refuses. */
function isUnanswered(evidence: Evidence): boolean {
  return says(evidence, /^Failed to create file system for "\w+:[^"]+": is a file not a directory/);
}

function causeOf({ words, stats }: Evidence): FailureCause | null {
  return failureCause(stats === null || stats.lastError === null ? words : [...words, stats.lastError]);
}

function says(evidence: Evidence, pattern: RegExp): boolean {
  return evidence.words.some((text) => pattern.test(text)) || pattern.test(evidence.stats?.lastError ?? '');
}

function lastErrorOf(exit: RcloneExit, evidence: Evidence): string {
  if (exit.spawnError !== null) return exit.spawnError;
  if (isStopSignal(exit)) return `rclone was stopped by ${exit.signal ?? signalOf(exit.exitCode)}`;
  if (isKilled(exit)) return `rclone was killed by ${killSignal(exit)}; the machine may lack memory`;
  if (exit.exitCode === 8)
    return 'the limit on transferred data (max-transfer) was reached; the rest was not transferred';
  if (exit.exitCode === 9)
    return 'there was nothing to transfer, and the task asks to fail then (error-on-no-transfer)';
  if (outcomeOf(exit, evidence) === 'LimitReached') {
    return 'the limit on the duration (max-duration) was reached; the rest was not transferred';
  }
  const deletes = evidence.words.find((text) => text.includes('--max-delete threshold reached'));
  if (deletes !== undefined) return readableError(deletes);
  return spokenError(evidence) ?? `rclone ended with exit code ${exit.exitCode} and gave no reason`;
}

function spokenError({ failures, root, fatal, stats }: Evidence): string | null {
  const [first, ...others] = failures;
  if (root !== null) return root;
  if (first === undefined)
    return fatal ?? (stats === null || stats.lastError === null ? null : readableError(stats.lastError));
  // That it therefore deletes nothing is what rclone counts last.
  const consequences = stats?.lastError?.startsWith('not deleting') === true ? 1 : 0;
  const more = Math.max(others.length, (stats?.errors ?? 0) - 1 - consequences);
  if (more === 0) return failureText(first);
  const paths = [...new Set(others.map(({ path }) => path))].filter((path) => path !== first.path);
  const named = paths.length === 0 ? '' : `: ${paths.join(', ')}`;
  return `${failureText(first)} (and ${plural(more, 'more error')}${named})`;
}

function killSignal({ exitCode, signal }: RcloneExit): string {
  return signal ?? (exitCode === null ? 'a signal' : 'SIGKILL');
}

function signalOf(exitCode: number | null): string {
  return exitCode === 143 ? 'SIGTERM' : exitCode === 130 ? 'SIGINT' : 'SIGHUP';
}

/** What a failure's own sentence says already. */
const errors: readonly WarningReason[] = ['unreadable', 'notSent', 'notDeleted', 'corrupted', 'notHashed', 'other'];

function warningsOf(exit: RcloneExit, evidence: Evidence): readonly string[] {
  const details = detailsOf(evidence);
  if (exit.exitCode !== 0 || evidence.leftOut > 0)
    return details.filter(({ reason }) => !errors.includes(reason)).map(warningText);
  const counted = evidence.stats?.errors ?? 0;
  const unexplained = counted > 0 && details.length === 0;
  return [
    ...details.map(warningText),
    ...(unexplained ? [`rclone counted ${plural(counted, 'error')} and reported success`] : []),
  ];
}

function detailsOf({ remarks }: Evidence): readonly WarningDetail[] {
  return warningReasons.flatMap((reason) => {
    const remark = remarks[reason];
    return remark === undefined ? [] : [{ reason, count: remark.count, names: remark.names.slice(0, maxWarningNames) }];
  });
}
