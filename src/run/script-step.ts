import { unreachable } from '../model/result.ts';
import { isSuccess } from '../model/run.ts';
import { type Ending, endedEarly } from './ending.ts';
import { type RunOrder, type RunTools, stopReason } from './run-order.ts';
import { runScript, type ScriptEnd, type ScriptKind } from './script.ts';
import { scriptEnvironment } from './script-environment.ts';

/** For a task that sets no timeout: a script that hangs must not hold its task for ever. */
const defaultTimeoutMs = 3_600_000;
/** Once a run was stopped, somebody waits for its end: a person, or whoever stops the machine. */
const stoppedTimeoutMs = 60_000;

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
      return endedEarly(stopReason(tools.signal), 'the run was stopped before its pre-script had ended');
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
        lastError: 'the run was stopped before its post-script had ended',
      };
    default:
      return unreachable(end);
  }
}

/** Runs the finally-script, whatever the outcome; it tidies up, so it also runs when the run was stopped. */
export async function finallyAfter(order: RunOrder, tools: RunTools, ending: Ending): Promise<Ending> {
  const unstopped = { ...tools, signal: new AbortController().signal };
  const longestMs = tools.signal.aborted ? stoppedTimeoutMs : Number.POSITIVE_INFINITY;
  const end = await run('finally-script', order.task.spec.finallyScript, order, unstopped, ending, longestMs);
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
  longestMs = Number.POSITIVE_INFINITY,
): Promise<ScriptEnd> {
  if (text.trim() === '') return { kind: 'succeeded' };
  return runScript({
    ...{ kind, text, clock, signal },
    directory: state.scripts,
    environment: scriptEnvironment({ task, runId, trigger, ending }, environment),
    timeoutMs: Math.min(task.spec.timeoutMs ?? defaultTimeoutMs, longestMs),
    onLine: (line) => emit({ type: 'RunLog', task: task.name, runId, level: 'info', message: `[${kind}] ${line}` }),
  });
}
