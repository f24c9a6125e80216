import { type EqualBy, noneEqual } from '../model/check.ts';
import { type ComparedLine, type Comparison, comparisonArguments, parseCompared } from '../rclone/comparison.ts';
import { addEvidence, type Evidence, emptyEvidence } from '../rclone/evidence.ts';
import { type LogLine, toProgress } from '../rclone/log-line.ts';
import { classify } from '../rclone/outcome.ts';
import { startRclone } from '../rclone/process.ts';
import { addCompared, addTrouble, emptyTally, swapSides, type Tally } from '../rclone/tally.ts';
import type { FarSide } from './far-side.ts';
import type { RunTools } from './run-order.ts';

export interface CompareContext {
  readonly task: string;
  readonly runId: string;
  /** `null`: as long as it takes. */
  readonly timeoutMs: number | null;
  /** For standard input: filters or names. */
  readonly input: string | null;
  readonly far: Pick<FarSide, 'binary' | 'environment' | 'redact'>;
  /** The source of the comparison is the destination of the task. */
  readonly swapped: boolean;
  /** Called for each file. */
  readonly onFile?: (line: ComparedLine) => void;
}

/** How a comparison ended; missing and extra are as the task sees them. */
export interface Compared {
  readonly tally: Tally;
  readonly equalBy: EqualBy;
  /** One sentence; `null`: rclone found everything equal. Differences have one too. */
  readonly error: string | null;
  /** The remote below an encryption keeps no hashes; nothing was compared. */
  readonly noHashes: boolean;
  readonly stopped: boolean;
  readonly late: boolean;
}

/** Runs one comparison, and tells its progress as events. */
export async function compare(
  comparison: Comparison,
  { task, runId, timeoutMs, input, far, swapped, onFile = () => {} }: CompareContext,
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
    binary: far.binary.path,
    environment: far.environment,
    input,
    arguments: comparisonArguments(comparison),
    onLine: hear,
    onOutputLine(text) {
      const line = parseCompared(text);
      if (line === null) return;
      tally = addCompared(tally, line);
      onFile(line);
    },
  });
  signal.addEventListener('abort', rclone.stop, { once: true });
  if (signal.aborted) rclone.stop();
  const onLate = () => {
    late = true;
    rclone.stop();
  };
  const cancelTimeout = timeoutMs === null ? () => {} : clock.setTimer(onLate, Math.max(0, timeoutMs));
  const exit = await rclone.finished;
  cancelTimeout();
  signal.removeEventListener('abort', rclone.stop);

  const { lastError } = classify(exit, evidence);
  const cutShort = exit.exitCode === null || exit.exitCode > 128;
  const complete = cutShort ? { ...tally, troubles: tally.troubles + 1 } : tally;
  return {
    tally: swapped ? swapSides(complete) : complete,
    equalBy: equalBy(comparison, complete),
    error: lastError === null ? null : far.redact(lastError),
    noHashes,
    stopped: signal.aborted && cutShort,
    late: late && cutShort,
  };
}

/** rclone counts what it could not hash, and does not name it. */
function equalBy({ by }: Comparison, { counts: { equal }, unhashed, sizesOnly }: Tally): EqualBy {
  const bySize = sizesOnly ? equal : Math.min(equal, unhashed);
  if (by === 'hash') return { content: 0, hash: equal - bySize, size: bySize };
  return { ...noneEqual, [by]: equal };
}
