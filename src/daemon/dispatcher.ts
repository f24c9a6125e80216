import type { ActiveTask } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import type { RunRecord, Trigger } from '../model/run.ts';
import type { RunBook } from '../run/run-book.ts';
import type { Runner } from '../run/runner.ts';
import { missedRun } from '../schedule/missed.ts';

/** Decides what becomes of a time that a schedule names: a run, a later run, or a record that there was none. */
export interface Dispatcher {
  /** The schedule asks for a run now. */
  due(task: string, scheduledFor: number): void;
  /** Nobody watched the schedule for a while; at most one run makes up for what it asked for meanwhile. */
  catchUp(task: string): void;
  /** The task is gone, or its schedule means something else now. */
  forget(task: string): void;
}

interface DispatcherOptions {
  readonly runner: Runner;
  readonly book: RunBook;
  readonly clock: Clock;
  readonly emit: Emit;
  /** As it is applied at this moment. A run that starts late starts by what is in force then. */
  readonly task: (name: string) => ActiveTask | undefined;
}

export function createDispatcher({ runner, book, clock, emit, task: taskOf }: DispatcherOptions): Dispatcher {
  /** Cancels the run that makes up for a missed one, by task. */
  const catchUps = new Map<string, () => void>();
  /** The latest time that came due while the task ran, by task. */
  const waiting = new Map<string, number>();
  /** The latest time that a run was started for, by task: the history has it only when the run has ended. */
  const started = new Map<string, number>();

  function begin(name: string, trigger: Trigger, scheduledFor: number): void {
    const task = taskOf(name);
    if (task === undefined) return;
    const start = runner.start({ task, trigger, scheduledFor });
    if (start.kind === 'started') started.set(name, scheduledFor);
    if (start.kind !== 'busy') return;
    emit({ type: 'RunSkipped', task: name, scheduledFor, reason: `run ${start.runId} has not ended` });
    void book.missed(name, scheduledFor, 1);
    waitFor(start.finished, name, scheduledFor);
  }

  function waitFor(finished: Promise<RunRecord>, name: string, scheduledFor: number): void {
    if (!waiting.has(name)) void finished.then(() => startWaiting(name));
    waiting.set(name, scheduledFor);
  }

  function startWaiting(name: string): void {
    const scheduledFor = waiting.get(name);
    waiting.delete(name);
    const deadlineMs = taskOf(name)?.spec.schedule?.deadlineMs ?? 0;
    if (scheduledFor === undefined || clock.now() - scheduledFor > deadlineMs) return;
    begin(name, 'catchup', scheduledFor);
  }

  function catchUp(name: string): void {
    const task = taskOf(name);
    const schedule = task?.spec.schedule ?? null;
    if (task === undefined || schedule === null || !task.spec.enabled || catchUps.has(name)) return;
    const { lastScheduled } = book.history(name);
    const anchor = Math.max(task.scheduledSince, lastScheduled ?? 0, started.get(name) ?? 0);
    const missed = missedRun({ name, schedule, now: clock.now(), anchor });
    if (missed === null) return;
    const { scheduledFor } = missed;
    if (missed.kind === 'skip') {
      emit({ type: 'RunSkipped', task: name, scheduledFor, reason: missed.reason });
      void book.missed(name, scheduledFor, missed.missed);
      return;
    }
    const cancel = clock.setTimer(() => {
      catchUps.delete(name);
      begin(name, 'catchup', scheduledFor);
    }, missed.startAt - clock.now());
    catchUps.set(name, cancel);
  }

  return {
    due: (task, scheduledFor) => begin(task, 'schedule', scheduledFor),
    catchUp,
    forget(task) {
      catchUps.get(task)?.();
      catchUps.delete(task);
      waiting.delete(task);
      started.delete(task);
    },
  };
}
