import type { ActiveSet } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import { noStats } from '../model/run.ts';
import type { RunBook } from '../run/run-book.ts';
import type { Journal } from '../state/journal.ts';
import type { UnfinishedRun } from '../state/journal-entry.ts';
import { processIdentity, stopOrphan } from '../state/process-identity.ts';
import { processesOfRun } from '../state/run-processes.ts';

interface RecoveryOptions {
  readonly journal: Journal;
  readonly book: RunBook;
  readonly active: ActiveSet;
  readonly clock: Clock;
}

/** For a task whose limits are no longer known, because it is gone. */
const defaultLimits = { successful: 10, failed: 20 };

/**
 * Runs that the journal knows to have started and not to have ended belong to a process that died. An rclone that
 * outlived it is stopped first: nobody watches it, and the next run of the task must not meet it.
 */
export async function recoverRuns({ journal, book, active, clock }: RecoveryOptions): Promise<void> {
  for (const run of journal.unfinished) {
    await stopProcesses(run);
    const known = book.history(run.task).runs.some((record) => record.id === run.runId);
    if (known) {
      await journal.finished(run.runId);
    } else {
      await book.recover(
        {
          ...{
            id: run.runId,
            task: run.task,
            trigger: run.trigger,
            token: run.token,
            attempt: 1,
            dryRun: false,
            specHash: run.specHash,
            sourceFiles: null,
          },
          ...{ outcome: 'Interrupted', scheduledFor: run.scheduledFor, startedAt: run.startedAt },
          ...{ finishedAt: clock.now(), exitCode: null, stats: noStats, warnings: [] },
          lastError: 'Cloudsync or the machine stopped while the run was in flight',
          log: await book.logOf(run.task, run.runId),
        },
        active.get(run.task)?.spec.history ?? defaultLimits,
      );
    }
  }
}

/** Its rclone, as the journal has it, and what the crash came too soon for to be noted there, or is a script. */
async function stopProcesses({ process, runId, bootId }: UnfinishedRun): Promise<void> {
  // Of a run before the machine was started anew, nothing is left.
  if (bootId !== processIdentity.bootId) return;
  const others = processesOfRun(runId).filter(({ pid }) => pid !== process?.pid);
  await Promise.all([...(process === null ? [] : [process]), ...others].map(stopOrphan));
}
