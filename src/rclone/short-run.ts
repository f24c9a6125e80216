import { addEvidence, emptyEvidence } from './evidence.ts';
import { classify } from './outcome.ts';
import { type RcloneExit, startRclone } from './process.ts';

/** Why a question to rclone has no answer; the same whatever was asked. */
export interface RcloneFailure {
  /** One sentence. */
  readonly message: string;
  /** Whether the same question may well be answered later. */
  readonly retryable: boolean;
  /** Whether it is the login that has run out. */
  readonly expired: boolean;
}

export interface ShortRun {
  readonly exit: RcloneExit;
  /** One sentence; `null`: rclone ended with 0 and in time. */
  readonly error: string | null;
  /** The same with what follows from it. */
  readonly failure: RcloneFailure | null;
}

export interface ShortRunLimits {
  readonly timeoutMs: number;
  /** Ends it sooner. */
  readonly signal?: AbortSignal;
  /** For standard input. */
  readonly input?: string | null;
  /** Called for each line of standard output, which the exit then does not hold. */
  readonly onOutputLine?: (line: string) => void;
}

/** Runs a command of rclone's that only reads and answers on standard output. */
export async function runShort(
  binary: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  { timeoutMs, signal, input = null, onOutputLine }: ShortRunLimits,
): Promise<ShortRun> {
  let evidence = emptyEvidence;
  const child = await startRclone({
    binary,
    arguments: parameters,
    environment,
    input,
    onLine: (line) => {
      evidence = addEvidence(evidence, line);
    },
    ...(onOutputLine === undefined ? {} : { onOutputLine }),
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.stop();
  }, timeoutMs);
  signal?.addEventListener('abort', child.stop, { once: true });
  if (signal?.aborted === true) child.stop();
  const exit = await child.finished;
  clearTimeout(timer);
  signal?.removeEventListener('abort', child.stop);
  if (signal?.aborted === true) return failed(exit, 'rclone was stopped before it answered', false);
  if (late) return failed(exit, `rclone gave no answer within ${timeoutMs / 1000} s`, true);
  const { outcome, lastError, retryable } = classify(exit, evidence);
  return lastError === null
    ? { exit, error: null, failure: null }
    : failed(exit, lastError, retryable, outcome === 'AuthExpired');
}

function failed(exit: RcloneExit, message: string, retryable: boolean, expired = false): ShortRun {
  return { exit, error: message, failure: { message, retryable, expired } };
}
