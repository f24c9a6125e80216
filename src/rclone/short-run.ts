import { addEvidence, emptyEvidence } from './evidence.ts';
import { classify } from './outcome.ts';
import { type RcloneExit, startRclone } from './process.ts';

export interface ShortRun {
  readonly exit: RcloneExit;
  /** One sentence; `null`: rclone ended with 0 and in time. */
  readonly error: string | null;
  /** Whether the same question may well be answered later. */
  readonly retryable: boolean;
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
  if (signal?.aborted === true) return { exit, error: 'rclone was stopped before it answered', retryable: false };
  if (late) return { exit, error: `rclone gave no answer within ${timeoutMs / 1000} s`, retryable: true };
  const { lastError, retryable } = classify(exit, evidence);
  return { exit, error: lastError, retryable };
}
