import type { CheckRecord } from '../model/check.ts';
import type { Emit, Event } from '../model/event.ts';
import type { Backup, RestoreRecord } from '../model/restore.ts';
import { err, ok, type Result } from '../model/result.ts';
import { type Caller, errorOf } from './control-caller.ts';
import { checkParameters, orderParameters } from './errand-routes.ts';
import type { Errands } from './errands.ts';

/** Has errands done by the process that holds the state. */
export function errandsOver(call: Caller): Errands {
  async function ask<T>(method: string, path: string, listener: Emit, signal: AbortSignal): Promise<Result<T, string>> {
    let result: T | null = null;
    const answer = await call(
      method,
      path,
      (line) => {
        const told = JSON.parse(line) as { readonly event?: Event; readonly result?: T };
        if (told.event !== undefined) listener(told.event);
        if (told.result !== undefined) result = told.result;
      },
      signal,
    );
    if (signal.aborted) return err('stopped');
    if (!answer.ok) return err(answer.error.message);
    if (answer.value.status !== 200) return err(errorOf(answer.value.body));
    return result === null ? err('the daemon ended before this did') : ok(result);
  }

  const at = (task: string, verb: string) => `/v1/tasks/${encodeURIComponent(task)}/${verb}`;
  return {
    restore: (task, order, listener, signal) =>
      ask<RestoreRecord>('POST', `${at(task, 'restore')}?${orderParameters(order)}`, listener, signal),
    check: (task, order, listener, signal) =>
      ask<CheckRecord>('POST', `${at(task, 'check')}?${checkParameters(order)}`, listener, signal),
    backups: (task, signal) => ask<readonly Backup[]>('GET', at(task, 'backups'), () => {}, signal),
  };
}
