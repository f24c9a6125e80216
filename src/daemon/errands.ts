import type { CheckOrder, CheckRecord } from '../model/check.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Emit } from '../model/event.ts';
import type { Backup, RestoreOrder, RestoreRecord } from '../model/restore.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { ErrandRunner } from '../run/errand-runner.ts';

/**
 * Restores and checks by the name of a task, done here or by whoever holds the state. The listener hears of this one
 * errand alone; the signal ends it. An error is a sentence: the errand did not begin, or was lost.
 */
export interface Errands {
  restore(
    task: string,
    order: RestoreOrder,
    listener: Emit,
    signal: AbortSignal,
  ): Promise<Result<RestoreRecord, string>>;
  check(task: string, order: CheckOrder, listener: Emit, signal: AbortSignal): Promise<Result<CheckRecord, string>>;
  backups(task: string, signal: AbortSignal): Promise<Result<readonly Backup[], string>>;
}

export function createErrands(runner: ErrandRunner, taskOf: (name: string) => ResolvedTask | undefined): Errands {
  function withTask<T>(name: string, act: (task: ResolvedTask) => Promise<T>): Promise<Result<T, string>> {
    const task = taskOf(name);
    if (task === undefined) return Promise.resolve(err(`there is no task ${name} among those applied`));
    return act(task).then(ok);
  }

  return {
    restore: (name, order, listener, signal) => withTask(name, (task) => runner.restore(task, order, listener, signal)),
    check: (name, { download, sample }, listener, signal) =>
      withTask(name, (task) => runner.check(task, { trigger: 'manual', download, sample }, listener, signal)),
    async backups(name, signal) {
      const listed = await withTask(name, (task) => runner.backups(task, signal));
      return listed.ok ? listed.value : listed;
    },
  };
}
