import { join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { logPathOf, type RunBook } from '../run/run-book.ts';
import type { Runner } from '../run/runner.ts';
import { followLines } from '../state/follow-lines.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** The lines of a run's log; of one in flight until it ends, if they are to be followed. */
export type ReadLog = (wanted: WantedLog, signal: AbortSignal) => Promise<Result<AsyncIterable<string>, string>>;

export interface WantedLog {
  readonly task: string;
  /** `null`: the one in flight, or else the latest. */
  readonly runId: string | null;
  readonly follow: boolean;
}

interface RunLogsOptions {
  readonly state: StateDirectory;
  readonly book: RunBook;
  readonly runner: Pick<Runner, 'activeRun'>;
}

export function createRunLogs({ state, book, runner }: RunLogsOptions): ReadLog {
  return async ({ task, runId, follow }, signal) => {
    const isActive = (id: string) => runner.activeRun(task)?.id === id;
    const known = [runner.activeRun(task)?.id, ...book.history(task).runs.map(({ id }) => id)];
    // Only ids that are known become paths.
    const id = known.find((each) => each !== undefined && (runId === null || each === runId));
    if (id === undefined)
      return err(runId === null ? `task ${task} has not run yet` : `there is no run ${runId} of ${task}`);
    const log = await book.logOf(task, id);
    if (log === null && !isActive(id)) return err(`run ${id} has no log`);
    const path = join(state.path, log ?? logPathOf(task, id));
    return ok(followLines(path, { goesOn: () => follow && isActive(id), signal }));
  };
}
