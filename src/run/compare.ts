import type { CheckMethod } from '../model/check.ts';
import {
  addCompared,
  addTrouble,
  type Comparison,
  comparisonArguments,
  emptyTally,
  swapSides,
  type Tally,
} from '../rclone/comparison.ts';
import { addEvidence, type Evidence, emptyEvidence } from '../rclone/evidence.ts';
import { type LogLine, toProgress } from '../rclone/log-line.ts';
import { classify } from '../rclone/outcome.ts';
import { startRclone } from '../rclone/process.ts';
import type { FarSide } from './far-side.ts';
import type { RunTools } from './run-order.ts';

export interface CompareContext {
  readonly task: string;
  readonly runId: string;
  /** `null`: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly filters: string | null;
  readonly far: FarSide;
  /** The source of the comparison is the destination of the task. */
  readonly swapped: boolean;
}

/** How a comparison ended; missing and extra are as the task sees them. */
export interface Compared {
  readonly tally: Tally;
  readonly method: CheckMethod;
  /** One sentence; `null`: rclone found everything equal. Differences have one too. */
  readonly error: string | null;
  /** The remote below an encryption keeps no hashes; nothing was compared. */
  readonly noHashes: boolean;
  readonly stopped: boolean;
}

/** Runs one comparison, and tells its progress as events. */
export async function compare(
  comparison: Comparison,
  { task, runId, timeoutMs, filters, far, swapped }: CompareContext,
  { clock, emit, signal }: Pick<RunTools, 'clock' | 'emit' | 'signal'>,
): Promise<Compared> {
  let tally: Tally = emptyTally;
  let evidence: Evidence = emptyEvidence;
  let noHashes = false;
  let late = false;

  function hear(line: LogLine): void {
    evidence = addEvidence(evidence, line);
    tally = addTrouble(tally, line);
    if (line.kind === 'message') noHashes ||= line.text.includes('does not support any hashes');
    if (line.kind === 'stats') emit({ type: 'RunProgress', task, runId, progress: toProgress(line.stats) });
  }

  const rclone = await startRclone({
    ...{ binary: far.binary.path, environment: far.environment, input: filters },
    arguments: comparisonArguments(comparison),
    onLine: hear,
    onOutputLine(line) {
      tally = addCompared(tally, line);
    },
  });
  signal.addEventListener('abort', rclone.stop, { once: true });
  if (signal.aborted) rclone.stop();
  const onLate = () => {
    late = true;
    rclone.stop();
  };
  const cancelTimeout = timeoutMs === null ? () => {} : clock.setTimer(onLate, timeoutMs);
  const exit = await rclone.finished;
  cancelTimeout();
  signal.removeEventListener('abort', rclone.stop);

  const { lastError } = classify(exit, evidence);
  const cutShort = exit.exitCode === null || exit.exitCode > 128;
  const complete = cutShort ? { ...tally, troubles: tally.troubles + 1 } : tally;
  const sentence = late ? `it took longer than the timeout of ${(timeoutMs ?? 0) / 1000} s` : lastError;
  return {
    tally: swapped ? swapSides(complete) : complete,
    method: comparison.download ? 'content' : tally.sizesOnly ? 'size' : 'hash',
    error: sentence === null ? null : far.redact(sentence),
    noHashes,
    stopped: signal.aborted && cutShort,
  };
}
