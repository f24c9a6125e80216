import type { LogLevel } from '../model/event.ts';
import { ok, unreachable } from '../model/result.ts';
import { type FileChange, isSuccess } from '../model/run.ts';
import { transferArguments } from '../rclone/arguments.ts';
import { addEvidence, type Evidence, emptyEvidence } from '../rclone/evidence.ts';
import { createHappened, type Happened } from '../rclone/happened.ts';
import { type LogLine, toProgress, toRunStats } from '../rclone/log-line.ts';
import { classify } from '../rclone/outcome.ts';
import { type RcloneExit, startRclone } from '../rclone/process.ts';
import type { Writing } from './cut-off/writing.ts';
import { stopSentence } from './deadline.ts';
import { withDuplicateNames } from './duplicate-names.ts';
import { type Ending, endedEarly } from './ending.ts';
import { farName } from './far-name.ts';
import { missingSource } from './guard/source.ts';
import type { Job } from './job.ts';
import { lostVersions } from './lost-versions.ts';
import { type RunOrder, type RunTools, type StopReason, stopReason } from './run-order.ts';

export interface TransferTools extends RunTools {
  readonly binary: string;
  readonly rcloneEnvironment: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
  readonly writing: Writing;
}

/** Runs rclone, tells what it does as events, and judges how it ended. */
export async function transfer(
  order: RunOrder,
  job: Job,
  tools: TransferTools,
  hear: (line: LogLine) => void = () => {},
): Promise<Ending> {
  const begun = job.transfer.dryRun ? ok(undefined) : await tools.writing.begin();
  if (!begun.ok) return endedEarly('Failed', begun.error);
  return endingOf(order, job, await execute(order, job, tools, hear));
}

/** How a transfer ended, by what rclone said and by its exit. */
export function endingOf(order: RunOrder, job: Job, execution: Execution): Ending {
  return sourceIsMissing(execution) ? refused(order, job, execution) : judge(order, job, execution);
}

export interface Execution {
  readonly exit: RcloneExit;
  readonly evidence: Evidence;
  readonly happened: Happened;
  readonly stopped: StopReason | null;
}

/**
 * Runs rclone to its end. `hear` gets each line as rclone wrote it, with the secrets and names that it holds, to draw
 * conclusions from and not to show.
 */
export async function execute(
  order: RunOrder,
  job: Job,
  tools: TransferTools,
  hear: (line: LogLine) => void = () => {},
): Promise<Execution> {
  const { signal } = tools;
  let evidence: Evidence = emptyEvidence;
  const happened = createHappened(job.transfer);
  let stopped: StopReason | null = null;

  const rclone = await startRclone({
    binary: tools.binary,
    arguments: argumentsOf(job),
    environment: tools.rcloneEnvironment,
    input: job.filters,
    onLine(parsed) {
      hear(parsed);
      const line = redactLine(parsed, tools.redact);
      evidence = addEvidence(evidence, line);
      tell(order, line, happened.take(line), tools.emit);
    },
  });
  const onAbort = () => {
    stopped = stopReason(signal);
    rclone.stop();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  if (rclone.pid !== null) await tools.onSpawned(rclone.pid);
  const exit = await rclone.finished;
  signal.removeEventListener('abort', onAbort);
  return { exit, evidence: await withDuplicateNames(evidence, job, tools), happened, stopped };
}

/** A second `-v` stands for everything that there is to tell. */
function argumentsOf({ transfer, verbose }: Job): readonly string[] {
  const [operation = '', ...others] = transferArguments(transfer);
  return [operation, ...(verbose ? ['-v'] : []), ...others];
}

/** rclone looks at the root of the source before anything else, so nothing has been touched. */
function sourceIsMissing({ exit, evidence }: Execution): boolean {
  return exit.exitCode === 3 && evidence.words.some((text) => text.startsWith('error reading source root directory'));
}

function refused({ task: { spec } }: RunOrder, { transfer }: Job, { exit: { exitCode } }: Execution): Ending {
  const source = spec.direction === 'PUSH' ? transfer.source : farName(spec);
  return { ...endedEarly('Blocked', missingSource(source)), exitCode };
}

/** A run that ended by itself before our signal reached it is judged by its own end. */
function judge({ task: { spec } }: RunOrder, job: Job, { exit, evidence, happened, stopped }: Execution): Ending {
  const { outcome, lastError, warnings, warningDetails, retryable } = classify(exit, evidence);
  const success = isSuccess(outcome);
  const stats = toRunStats(evidence.stats, happened.counts());
  const lost = success || job.transfer.dryRun ? null : lostVersions(job, happened.waiting(), evidence.removed);
  const details = warningDetails.length === 0 ? {} : { warningDetails };
  const ending = { exitCode: exit.exitCode, stats, warnings, ...details, attempt: 1, sourceFiles: null };
  if (stopped === null || exit.exitCode === 0) {
    return { ...ending, outcome, lastError: joined(lastError, lost), retryable };
  }
  const sentence = stopSentence(stopped, spec.timeoutMs);
  return { ...ending, outcome: stopped, lastError: joined(sentence, lost), retryable: false };
}

function joined(sentence: string | null, more: string | null): string | null {
  return sentence === null || more === null ? sentence : `${sentence}; ${more}`;
}

const levelsKept: readonly LogLevel[] = ['info', 'notice', 'warning', 'error'];

function tell({ task, runId }: RunOrder, line: LogLine, change: FileChange | null, emit: RunTools['emit']): void {
  const about = { task: task.name, runId };
  switch (line.kind) {
    case 'stats':
      emit({ type: 'RunProgress', ...about, progress: toProgress(line.stats) });
      return;
    case 'change':
    case 'skipped':
      if (change !== null) emit({ type: 'RunChange', ...about, change });
      return;
    case 'message': {
      const { level, text, object } = line;
      if (text === '' || !levelsKept.includes(level)) return;
      emit({ type: 'RunLog', ...about, level, message: object === null ? text : `${object}: ${text}` });
      return;
    }
    default:
      unreachable(line);
  }
}

function redactLine(line: LogLine, redact: (text: string) => string): LogLine {
  switch (line.kind) {
    case 'stats': {
      const { lastError } = line.stats;
      return lastError === null ? line : { ...line, stats: { ...line.stats, lastError: redact(lastError) } };
    }
    case 'message':
      return { ...line, text: redact(line.text), object: line.object === null ? null : redact(line.object) };
    // Names of files are the user's own, and striking out a part of one would name another file.
    case 'change':
    case 'skipped':
      return line;
    default:
      return unreachable(line);
  }
}
