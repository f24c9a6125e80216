import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit, Event } from '../model/event.ts';
import { emptyHistory, type TaskHistory } from '../model/history.ts';
import { ok, type Result } from '../model/result.ts';
import type { RunRecord } from '../model/run.ts';
import type { HistoryLimits } from '../model/task.ts';
import { writeHistory } from '../state/history-store.ts';
import type { Journal } from '../state/journal.ts';
import { processIdentity } from '../state/process-identity.ts';
import { recordRun } from '../state/record-run.ts';
import { createRunLog, type RunLog } from '../state/run-log.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { RunOrder } from './run-order.ts';

/** A log that rclone floods keeps its end, where the reason for a failure stands. */
const maxLogBytes = 10 * 1024 * 1024;

/** All that is kept of runs: the journal (which survives a crash), a log for each run, a history for each task. */
export interface RunBook {
  history(task: string): TaskHistory;
  /** Notes that the schedule asked, `count` times and last for this time, and no run started. */
  missed(task: string, scheduledFor: number, count: number): Promise<void>;
  /** Durable once it resolves: from here on a crash leaves a trace of the run. */
  open(order: RunOrder, scheduledFor: number | null, startedAt: number): Promise<Result<OpenRun, string>>;
  /** Enters a run that ended elsewhere, or never began. */
  enter(record: RunRecord, limits: HistoryLimits): Promise<void>;
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

export function createRunBook({ state, journal, histories, emit }: RunBookOptions): RunBook {
  const writing = new Map<string, Promise<void>>();

  function report(path: string, written: Result<void, string>): void {
    if (!written.ok) emit({ type: 'WriteFailed', path, detail: written.error });
  }

  /** One write of a history follows the other, each with what is then the latest. */
  function keep(task: string, history: TaskHistory): Promise<void> {
    histories.set(task, history);
    const written = (writing.get(task) ?? Promise.resolve()).then(async () => {
      const latest = histories.get(task) ?? history;
      report(join('history', `${task}.json`), await writeHistory(state, task, latest));
    });
    writing.set(task, written);
    return written;
  }

  async function enter(record: RunRecord, limits: HistoryLimits): Promise<void> {
    const { history, dropped } = recordRun(histories.get(record.task) ?? emptyHistory, record, limits);
    await keep(record.task, history);
    for (const old of dropped) if (old.log !== null) await removeLog(join(state.path, old.log));
  }

  async function open(
    order: RunOrder,
    scheduledFor: number | null,
    startedAt: number,
  ): Promise<Result<OpenRun, string>> {
    const { runId, task } = order;
    const journaled = await journal.starting({
      ...{ runId, task: task.name, trigger: order.trigger, scheduledFor, startedAt, specHash: task.specHash },
      bootId: processIdentity.bootId,
    });
    if (!journaled.ok) return journaled;
    const logPath = join('runs', task.name, `${runId}.ndjson`);
    const log = createRunLog(join(state.path, logPath), {
      maxBytes: maxLogBytes,
      onError: (detail) => emit({ type: 'WriteFailed', path: logPath, detail }),
    });
    return ok({
      logPath,
      spawned: async (pid) => report('journal.ndjson', await journal.spawned(runId, pid)),
      note: (event) => noteInLog(log, event),
      async close(record, limits) {
        await log.close();
        await enter(record, limits);
        report('journal.ndjson', await journal.finished(runId));
      },
    });
  }

  return {
    history: (task) => histories.get(task) ?? emptyHistory,
    missed(task, scheduledFor, count) {
      const history = histories.get(task) ?? emptyHistory;
      return keep(task, { ...history, lastScheduled: scheduledFor, missed: history.missed + count });
    },
    open,
    enter,
  };
}

/** Progress is for those who watch; the log keeps what happened. */
function noteInLog(log: RunLog, event: Event): void {
  if (event.type === 'RunProgress') return;
  const { type, ...fields } = event;
  log.append({ time: new Date().toISOString(), type, ...fields });
}

async function removeLog(path: string): Promise<void> {
  await rm(path, { force: true });
}
