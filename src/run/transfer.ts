import type { LogLevel } from '../model/event.ts';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import { noStats } from '../model/run.ts';
import { transferArguments } from '../rclone/arguments.ts';
import { addEvidence, type Evidence, emptyEvidence } from '../rclone/evidence.ts';
import { type LogLine, toProgress, toRunStats } from '../rclone/log-line.ts';
import { classify } from '../rclone/outcome.ts';
import { type RcloneExit, startRclone } from '../rclone/process.ts';
import { stopSentence } from './deadline.ts';
import { type Ending, endedEarly } from './ending.ts';
import { farName } from './far-name.ts';
import { missingSource } from './guard/source.ts';
import type { Job } from './job.ts';
import { type RunOrder, type RunTools, type StopReason, stopReason } from './run-order.ts';

export interface TransferTools extends RunTools {
  readonly binary: string;
  readonly rcloneEnvironment: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
}

/** Runs rclone, tells what it does as events, and judges how it ended. */
export async function transfer(order: RunOrder, job: Job, tools: TransferTools): Promise<Ending> {
  const execution = await execute(order, job, tools);
  return sourceIsMissing(execution) ? refused(order, job, execution) : judge(execution, order.task.spec.timeoutMs);
}

/** What a run would do, as far as a guard wants to know it. */
export interface Rehearsal {
  /** Files that would be deleted at the destination, or set aside there. */
  readonly deletes: number;
  /** Names at the source that its encryption cannot read. */
  readonly undecryptable: number;
}

/** A dry run that tells nothing. One that did not come to its end has not seen all, so the run ends as it did. */
export async function rehearse(order: RunOrder, job: Job, tools: TransferTools): Promise<Result<Rehearsal, Ending>> {
  let deletes = 0;
  const simulated = { ...job, transfer: { ...job.transfer, dryRun: true } };
  const count: RunTools['emit'] = (event) => {
    if (event.type === 'RunChange' && event.change.action === 'delete') deletes += 1;
  };
  const execution = await execute({ ...order, dryRun: true }, simulated, { ...tools, emit: count });
  const { exit, evidence } = execution;
  if (exit.exitCode === 0) return ok({ deletes, undecryptable: evidence.leftOut.undecryptable ?? 0 });
  const ending = sourceIsMissing(execution)
    ? refused(order, job, execution)
    : judge(execution, order.task.spec.timeoutMs);
  return err({ ...ending, stats: noStats });
}

interface Execution {
  readonly exit: RcloneExit;
  readonly evidence: Evidence;
  readonly stopped: StopReason | null;
}

async function execute(order: RunOrder, job: Job, tools: TransferTools): Promise<Execution> {
  const { signal } = tools;
  let evidence: Evidence = emptyEvidence;
  let stopped: StopReason | null = null;

  const rclone = await startRclone({
    binary: tools.binary,
    arguments: argumentsOf(job),
    environment: tools.rcloneEnvironment,
    input: job.filters,
    onLine(parsed) {
      const line = redactLine(parsed, tools.redact);
      evidence = addEvidence(evidence, line);
      tell(order, line, tools.emit);
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
  return { exit, evidence, stopped };
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
function judge({ exit, evidence, stopped }: Execution, timeoutMs: number | null): Ending {
  const { outcome, lastError, warnings, retryable } = classify(exit, evidence);
  const stats = evidence.stats === null ? noStats : toRunStats(evidence.stats);
  const ending = { exitCode: exit.exitCode, stats, warnings, attempt: 1, sourceFiles: null };
  if (stopped === null || exit.exitCode === 0) return { ...ending, outcome, lastError, retryable };
  return { ...ending, outcome: stopped, lastError: stopSentence(stopped, timeoutMs), retryable: false };
}

const levelsKept: readonly LogLevel[] = ['info', 'notice', 'warning', 'error'];

function tell({ task, runId, dryRun }: RunOrder, line: LogLine, emit: RunTools['emit']): void {
  const about = { task: task.name, runId };
  switch (line.kind) {
    case 'stats':
      emit({ type: 'RunProgress', ...about, progress: toProgress(line.stats) });
      return;
    case 'change':
      emit({ type: 'RunChange', ...about, change: line.change });
      return;
    case 'skipped':
      if (dryRun) emit({ type: 'RunChange', ...about, change: line.change });
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
