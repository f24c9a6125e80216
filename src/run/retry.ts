import type { Retry } from '../model/task.ts';
import { stopped } from './deadline.ts';
import { type Ending, endedEarly } from './ending.ts';
import type { RunOrder, RunTools } from './run-order.ts';

/** However often it has failed, it is tried again within half an hour, or as soon as the task says. */
const longestMs = 30 * 60_000;

/** Tries again what may well succeed in a while, as often as the task allows, with longer and longer waits between. */
export async function withRetries(
  order: RunOrder,
  tools: RunTools,
  attempt: (number: number) => Promise<Ending>,
): Promise<Ending> {
  const { limit, backoffMs } = order.task.spec.retry;
  const attempts = limit + 1;
  for (let number = 1; ; number += 1) {
    tools.onAttempt(number);
    const ending = await attempt(number);
    if (!ending.retryable || number >= attempts || tools.signal.aborted) return { ...ending, attempt: number };
    const delayMs = retryDelayMs(backoffMs, number, Math.random());
    tell(
      order,
      tools,
      `attempt ${number} of ${attempts} failed: ${ending.lastError}; trying again in ${seconds(delayMs)} s`,
    );
    if (await pause(delayMs, tools)) continue;
    const { outcome, lastError } = stopped(order.task.spec, tools.signal);
    return {
      ...endedEarly(outcome, `${lastError} while it waited to try again after this: ${ending.lastError}`),
      attempt: number,
    };
  }
}

/** Doubles with each attempt; `spread`, from 0 to 1, sets apart tasks that failed for the same reason. */
export function retryDelayMs(
  backoffMs: Retry['backoffMs'],
  attempt: number,
  spread: number,
  mostMs = longestMs,
): number {
  const delayMs = Math.min(Math.max(mostMs, backoffMs), backoffMs * 2 ** (attempt - 1));
  return Math.round(delayMs * (0.8 + 0.4 * spread));
}

function tell({ task, runId }: RunOrder, { emit }: RunTools, message: string): void {
  emit({ type: 'RunLog', task: task.name, runId, level: 'warning', message });
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

/** False when the wait was cut short. */
function pause(delayMs: number, { clock, signal }: RunTools): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(() => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    }, delayMs);
    const onAbort = () => {
      cancel();
      resolve(false);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
