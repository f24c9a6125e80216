import { addEvidence, emptyEvidence } from './evidence.ts';
import { classify } from './outcome.ts';
import { type RcloneExit, startRclone } from './process.ts';

export interface ShortRun {
  readonly exit: RcloneExit;
  /** One sentence; `null`: rclone ended with 0 and in time. */
  readonly error: string | null;
}

/** Runs a command of rclone's that only reads and answers on standard output, within a limit of time. */
export async function runShort(
  binary: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<ShortRun> {
  let evidence = emptyEvidence;
  const child = await startRclone({
    binary,
    arguments: parameters,
    environment,
    input: null,
    onLine: (line) => {
      evidence = addEvidence(evidence, line);
    },
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.stop();
  }, timeoutMs);
  const exit = await child.finished;
  clearTimeout(timer);
  if (late) return { exit, error: `rclone gave no answer within ${timeoutMs / 1000} s` };
  return { exit, error: classify(exit, evidence).lastError };
}
