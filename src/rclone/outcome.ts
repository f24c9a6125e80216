import type { Outcome } from '../model/run.ts';
import { plural } from '../model/wording.ts';
import type { Evidence, LeftOut } from './evidence.ts';
import type { RcloneExit } from './process.ts';
import { readableError } from './readable-error.ts';

/** How a run of rclone ended, judged by its exit and by what it said on the way. */
export interface Classified {
  readonly outcome: Outcome;
  /** Whether the same run may well succeed later. */
  readonly retryable: boolean;
  /** One readable sentence without credentials; `null` on success. */
  readonly lastError: string | null;
  readonly warnings: readonly string[];
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
  };
}

const expired = /invalid_grant|maybe token expired|couldn't fetch token|empty token found|\bExpiredToken\b/i;
const refusedLogin = /\b401 [A-Z]|\b(?:InvalidAccessKeyId|SignatureDoesNotMatch)\b|ssh: unable to authenticate/;
const network =
  /connection (?:refused|reset)|no such host|i\/o timeout|network is unreachable|no route to host|TLS handshake timeout|server misbehaving|\b(?:429|500|502|503|504) [A-Z]|unexpected EOF/;

function outcomeOf(exit: RcloneExit, evidence: Evidence): Outcome {
  if (exit.spawnError !== null) return 'Failed';
  if (exit.exitCode === 0) return warningsOf(exit, evidence).length === 0 ? 'Succeeded' : 'SucceededWithWarnings';
  if (isStopSignal(exit)) return 'Aborted';
  if (says(evidence, expired)) return 'AuthExpired';
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

/**
 * Exit codes 1 and 2 changed places in 1.69 and hold everything without a code of its own, so they say nothing. 6 is also
 * that of a file that changed while it was read, which rclone itself would copy again.
 */
function isRetryable({ exitCode, spawnError }: RcloneExit, evidence: Evidence): boolean {
  if (spawnError !== null) return false;
  // Killed from outside, most likely for its memory.
  if (exitCode === null) return true;
  if ([3, 7, 9].includes(exitCode) || evidence.stats?.fatalError === true) return false;
  // rclone calls it worth another attempt, and a server may lock an account out after a few of them.
  if (says(evidence, refusedLogin)) return false;
  if (exitCode === 5 || evidence.stats?.retryError === true) return true;
  // A start that fails leaves no totals to ask.
  return evidence.stats === null && (says(evidence, network) || isUnanswered(evidence));
}

/** From 1.69 on S3 says so of a folder, too, of which the server told nothing: it is out of reach, or refuses. */
function isUnanswered(evidence: Evidence): boolean {
  return says(evidence, /^Failed to create file system for "\w+:[^"]+": is a file not a directory/);
}

function says(evidence: Evidence, pattern: RegExp): boolean {
  return evidence.words.some((text) => pattern.test(text)) || pattern.test(evidence.stats?.lastError ?? '');
}

function lastErrorOf(exit: RcloneExit, evidence: Evidence): string {
  if (exit.spawnError !== null) return exit.spawnError;
  if (isStopSignal(exit)) return `rclone was stopped by ${exit.signal ?? signalOf(exit.exitCode)}`;
  if (exit.exitCode === null) return `rclone was killed by ${exit.signal ?? 'a signal'}; the machine may lack memory`;
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

function spokenError({ failures, fatal, stats }: Evidence): string | null {
  const [first] = failures;
  // That it therefore deletes nothing is what rclone counts last.
  const consequences = stats?.lastError?.startsWith('not deleting') === true ? 1 : 0;
  const others = (stats?.errors ?? 0) - 1 - consequences;
  if (first !== undefined) return others > 0 ? `${first} (and ${plural(others, 'more error')})` : first;
  return fatal ?? (stats === null || stats.lastError === null ? null : readableError(stats.lastError));
}

function signalOf(exitCode: number | null): string {
  return exitCode === 143 ? 'SIGTERM' : exitCode === 130 ? 'SIGINT' : 'SIGHUP';
}

const leftOutSentences: readonly (readonly [LeftOut, (count: number) => string])[] = [
  ['symlink', (count) => `${plural(count, 'symbolic link')} left out; followSymlinks: true copies what they point to`],
  ['special', (count) => `${plural(count, 'special file')} left out, such as a socket, a pipe or a device`],
  ['undecryptable', (count) => `${plural(count, 'name')} could not be decrypted; is the encryption password right?`],
  ['duplicate', (count) => `${plural(count, 'duplicate')} at the remote, where one name stands for several files`],
];

function warningsOf(exit: RcloneExit, { leftOut, stats }: Evidence): readonly string[] {
  const left = leftOutSentences.flatMap(([reason, sentence]) => {
    const count = leftOut[reason];
    return count === undefined ? [] : [sentence(count)];
  });
  const errors = exit.exitCode === 0 ? (stats?.errors ?? 0) : 0;
  return errors === 0 ? left : [...left, `rclone counted ${plural(errors, 'error')} and reported success`];
}
