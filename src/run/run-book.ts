import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit, Event } from '../model/event.ts';
import type { TaskHistory } from '../model/history.ts';
import { ok, type Result } from '../model/result.ts';
import type { RunRecord } from '../model/run.ts';
import type { HistoryLimits } from '../model/task.ts';
import type { Journal } from '../state/journal.ts';
import { processIdentity } from '../state/process-identity.ts';
import { recordRun, stillOwed } from '../state/record-run.ts';
import { createRunLog, type RunLog } from '../state/run-log.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import { createHistories } from './histories.ts';
import type { RunOrder } from './run-order.ts';

/** A log that rclone floods keeps its end, where the reason for a failure stands. */
const maxLogBytes = 10 * 1024 * 1024;

/** All that is kept of runs: the journal (which survives a crash), a log for each run, a history for each task. */
export interface RunBook {
  history(task: string): TaskHistory;
  /** Notes that the schedule asked, `count` times and last for this time, and no run started. */
  missed(task: string, scheduledFor: number, count: number): Promise<void>;
  /** The same for a time that came while the run before had not ended, and that a later run is to make up for. */
  owed(task: string, scheduledFor: number): Promise<void>;
  /** A run for this time is in the journal: what came up to then is not owed any more. */
  begun(task: string, scheduledFor: number | null): void;
  /** Durable once it resolves: from here on a crash leaves a trace of the run. */
  open(order: RunOrder, scheduledFor: number | null, startedAt: number): Promise<Result<OpenRun, string>>;
  /** Enters a run that ended elsewhere, or never began. */
  enter(record: RunRecord, limits: HistoryLimits): Promise<void>;
  /** The same for a run that an earlier process opened: the journal has it until the history is on the disk. */
  recover(record: RunRecord, limits: HistoryLimits): Promise<void>;
  /** Path of the log that a run left, relative to the state directory; `null` if there is none. */
  logOf(task: string, runId: string): Promise<string | null>;
  /** Tries again what could not be written, and resolves when no write is under way. */
  flush(): Promise<void>;
  /** Writes journal and histories again, where their files were lost; the error is the journal's. */
  rewrite(): Promise<Result<void, string>>;
}

export interface OpenRun {
  /** Relative to the state directory. */
  readonly logPath: string;
  spawned(pid: number): Promise<void>;
  note(event: Event): void;
  close(record: RunRecord, limits: HistoryLimits): Promise<void>;
}

interface RunBookOptions {
  readonly state: StateDirectory;
  readonly journal: Journal;
  readonly histories: Map<string, TaskHistory>;
  readonly emit: Emit;
}

export function createRunBook({ state, journal, histories: known, emit }: RunBookOptions): RunBook {
  /** Runs that are over, by task. The journal holds on to them until the history is on the disk. */
  const unsettled = new Map<string, readonly string[]>();
  const histories = createHistories({
    ...{ state, known, onWritten: settle },
    onError: (path, detail) => emit({ type: 'WriteFailed', path, detail }),
  });

  async function settle(task: string, written: TaskHistory): Promise<void> {
    // The write of a later one, which may hold more runs, follows.
    if (histories.of(task) !== written) return;
    const runIds = unsettled.get(task) ?? [];
    unsettled.delete(task);
    for (const runId of runIds) reportJournal(await journal.finished(runId));
  }

  function reportJournal(written: Result<void, string>): void {
    if (!written.ok) emit({ type: 'WriteFailed', path: 'journal.ndjson', detail: written.error });
  }

  async function enter(record: RunRecord, limits: HistoryLimits): Promise<void> {
    const { history, dropped } = recordRun(histories.of(record.task), record, limits);
    await histories.keep(record.task, history);
    for (const { log } of dropped) if (log !== null) await removeLog(join(state.path, log));
  }

  async function recover(record: RunRecord, limits: HistoryLimits): Promise<void> {
    unsettled.set(record.task, [...(unsettled.get(record.task) ?? []), record.id]);
    await enter(record, limits);
  }

  function begun(task: string, scheduledFor: number | null): void {
    const history = histories.of(task);
    const owedSince = stillOwed(history, scheduledFor);
    if (owedSince !== history.owedSince) void histories.keep(task, { ...history, owedSince });
  }

  async function open(
    order: RunOrder,
    scheduledFor: number | null,
    startedAt: number,
  ): Promise<Result<OpenRun, string>> {
    const { runId, task } = order;
    const journaled = await journal.starting({
      ...{
        runId,
        task: task.name,
        trigger: order.trigger,
        token: order.token,
        scheduledFor,
        startedAt,
        specHash: task.specHash,
      },
      bootId: processIdentity.bootId,
    });
    if (!journaled.ok) return journaled;
    begun(task.name, scheduledFor);
    const logPath = logPathOf(task.name, runId);
    const log = createRunLog(join(state.path, logPath), {
      maxBytes: maxLogBytes,
      onError: (detail) => emit({ type: 'WriteFailed', path: logPath, detail }),
    });
    return ok({
      logPath,
      spawned: async (pid) => reportJournal(await journal.spawned(runId, pid)),
      note: (event) => noteInLog(log, event),
      async close(record, limits) {
        await log.close();
        await recover(record, limits);
      },
    });
  }

  return {
    history: histories.of,
    missed(task, scheduledFor, count) {
      const history = histories.of(task);
      return histories.keep(task, { ...history, lastScheduled: scheduledFor, missed: history.missed + count });
    },
    owed(task, scheduledFor) {
      const { owedSince, ...history } = histories.of(task);
      const missed = history.missed + 1;
      return histories.keep(task, {
        ...history,
        ...{ lastScheduled: scheduledFor, owedSince: owedSince ?? scheduledFor, missed },
      });
    },
    ...{ begun, open, enter, recover, flush: histories.flush },
    async rewrite() {
      const written = await journal.rewrite();
      await histories.rewrite();
      return written;
    },
    async logOf(task, runId) {
      const path = logPathOf(task, runId);
      const stats = await stat(join(state.path, path)).catch(() => null);
      return stats?.isFile() === true ? path : null;
    },
  };
}

/** Relative to the state directory. */
export function logPathOf(task: string, runId: string): string {
  return join('runs', task, `${runId}.ndjson`);
}

/** Progress is for those who watch; the log keeps what happened. */
function noteInLog(log: RunLog, event: Event): void {
  if (event.type === 'RunProgress') return;
  const { type, ...fields } = event;
  log.append({ time: new Date().toISOString(), type, ...fields });
}

/** A log that cannot be removed takes room and does no other harm; it is no reason to fail a run. */
async function removeLog(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}
