import { unreachable } from '../model/result.ts';
import type { TaskSpec } from '../model/task.ts';
import { type Ending, endedEarly } from './ending.ts';
import { type RunTools, type StopReason, stopReason } from './run-order.ts';

/**
 * Calls `act` with tools whose signal also fires once the time is up. One deadline covers everything that a run does,
 * so that no part of it needs a timer of its own. `null`: no deadline.
 */
export async function withDeadline<Tools extends Pick<RunTools, 'clock' | 'signal'>, Value>(
  timeoutMs: number | null,
  tools: Tools,
  act: (tools: Tools) => Promise<Value>,
): Promise<Value> {
  if (timeoutMs === null) return act(tools);
  const { clock, signal } = tools;
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  if (signal.aborted) forward();
  const cancel = clock.setTimer(() => controller.abort('TimedOut' satisfies StopReason), timeoutMs);
  try {
    return await act({ ...tools, signal: controller.signal });
  } finally {
    cancel();
    signal.removeEventListener('abort', forward);
  }
}

/** A run that ended because its signal fired, before anything was changed or between two steps. */
export function stopped({ timeoutMs }: Pick<TaskSpec, 'timeoutMs'>, signal: AbortSignal): Ending {
  const reason = stopReason(signal);
  return endedEarly(reason, stopSentence(reason, timeoutMs));
}

/** What fails once the signal has fired fails because of it: a question that got no answer, a listing cut short. */
export function stoppedIfFailed(spec: Pick<TaskSpec, 'timeoutMs'>, signal: AbortSignal, ending: Ending): Ending {
  if (!signal.aborted || ending.outcome !== 'Failed') return ending;
  const { outcome, lastError } = stopped(spec, signal);
  return { ...ending, outcome, lastError, retryable: false };
}

export function stopSentence(reason: StopReason, timeoutMs: number | null): string {
  switch (reason) {
    case 'TimedOut':
      return `the run took longer than its timeout of ${(timeoutMs ?? 0) / 1000} s and was stopped`;
    case 'Aborted':
      return 'the run was aborted';
    case 'Interrupted':
      return 'Cloudsync was stopped while the run was in flight';
    default:
      return unreachable(reason);
  }
}

/** Resolves with `null` as soon as the signal fires; the work goes on, and `late` gets what comes of it. */
export async function unlessStopped<Value>(
  signal: AbortSignal,
  work: Promise<Value>,
  late: (value: Value) => unknown = () => {},
): Promise<Value | null> {
  let fired = () => {};
  const stop = new Promise<null>((resolve) => {
    fired = () => resolve(null);
    signal.addEventListener('abort', fired, { once: true });
    if (signal.aborted) fired();
  });
  const first = await Promise.race([work, stop]);
  signal.removeEventListener('abort', fired);
  if (first === null) void work.then(late, () => {});
  return first;
}
