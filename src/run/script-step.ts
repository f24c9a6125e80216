import { unreachable } from '../model/result.ts';
import { isSuccess } from '../model/run.ts';
import { stopSentence } from './deadline.ts';
import { type Ending, endedEarly } from './ending.ts';
import { type RunOrder, type RunTools, stopReason } from './run-order.ts';
import { runScript, type ScriptEnd, type ScriptKind } from './script.ts';
import { scriptEnvironment } from './script-environment.ts';

/** For a task that sets no timeout: a script that hangs must not hold its task for ever. */
const defaultTimeoutMs = 3_600_000;
/** Tidying up gets this long at least, also after the deadline of the run; somebody waits for the end of it. */
const allowanceMs = 60_000;

/** Runs the pre-script. `null`: go on; else the run ends like this, and rclone is not started. */
export async function beforeTransfer(order: RunOrder, tools: RunTools): Promise<Ending | null> {
  const end = await run('pre-script', order.task.spec.preScript, order, tools, null);
  switch (end.kind) {
    case 'succeeded':
      return null;
    case 'skip':
      return endedEarly('Skipped', 'the pre-script asked to skip this run (exit code 75)');
    case 'failed':
      return endedEarly('Failed', end.message);
    case 'timedOut':
      return endedEarly('TimedOut', end.message);
    case 'aborted':
      return endedEarly(stopReason(tools.signal), stoppedIn('pre-script', order, tools));
    default:
      return unreachable(end);
  }
}

/** Runs the post-script, after a success only. People delete things there, so its failure fails the run. */
export async function afterTransfer(order: RunOrder, tools: RunTools, ending: Ending): Promise<Ending> {
  if (!isSuccess(ending.outcome)) return ending;
  const end = await run('post-script', order.task.spec.postScript, order, tools, ending);
  switch (end.kind) {
    case 'succeeded':
      return ending;
    case 'skip':
      return { ...ending, outcome: 'Failed', lastError: 'the post-script failed with exit code 75' };
    case 'failed':
      return { ...ending, outcome: 'Failed', lastError: end.message };
    case 'timedOut':
      return { ...ending, outcome: 'TimedOut', lastError: end.message };
    case 'aborted':
      return {
        ...ending,
        outcome: stopReason(tools.signal),
        lastError: stoppedIn('post-script', order, tools),
      };
    default:
      return unreachable(end);
  }
}

function stoppedIn(script: ScriptKind, { task }: RunOrder, { signal }: RunTools): string {
  const reason = stopReason(signal);
  if (reason !== 'TimedOut') return `the run was stopped before its ${script} had ended`;
  return `${stopSentence(reason, task.spec.timeoutMs)} before its ${script} had ended`;
}

interface EndedRun {
  readonly ending: Ending;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * Runs the finally-script, whatever the outcome; it tidies up, so it also runs when the run was stopped or is out of
 * time.
 */
export async function finallyAfter(order: RunOrder, tools: RunTools, { ending, startedAt }: EndedRun): Promise<Ending> {
  const { timeoutMs, finallyScript } = order.task.spec;
  const unstopped = { ...tools, signal: new AbortController().signal };
  const leftMs = (timeoutMs ?? defaultTimeoutMs) - (timeoutMs === null ? 0 : tools.clock.now() - startedAt);
  const longestMs = tools.signal.aborted ? allowanceMs : Math.max(allowanceMs, leftMs);
  const end = await run('finally-script', finallyScript, order, unstopped, ending, longestMs);
  if (end.kind === 'succeeded') return ending;
  const message = 'message' in end ? end.message : 'the finally-script failed with exit code 75';
  const outcome = ending.outcome === 'Succeeded' ? 'SucceededWithWarnings' : ending.outcome;
  return { ...ending, outcome, warnings: [...ending.warnings, message] };
}

async function run(
  kind: ScriptKind,
  text: string,
  { task, runId, trigger }: RunOrder,
  { environment, state, clock, signal, emit }: RunTools,
  ending: Ending | null,
  // With a timeout, the signal ends it: what the run did before has used up a part of the time.
  timeoutMs = task.spec.timeoutMs === null ? defaultTimeoutMs : Number.POSITIVE_INFINITY,
): Promise<ScriptEnd> {
  if (text.trim() === '') return { kind: 'succeeded' };
  return runScript({
    ...{ kind, text, clock, signal },
    directory: state.scripts,
    environment: scriptEnvironment({ task, runId, trigger, ending }, environment),
    timeoutMs,
    onLine: (line) => emit({ type: 'RunLog', task: task.name, runId, level: 'info', message: `[${kind}] ${line}` }),
  });
}
