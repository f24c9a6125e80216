import type { ActiveTask } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import type { RunBook } from '../run/run-book.ts';
import type { Runner } from '../run/runner.ts';
import { missedRun } from '../schedule/missed.ts';

/** Decides what becomes of a time that a schedule names: a run, a later run, or a record that there was none. */
export interface Dispatcher {
  /** The schedule asks for a run now. */
  due(task: ActiveTask, scheduledFor: number): void;
  /** Nobody watched the schedule for a while; at most one run makes up for what it asked for meanwhile. */
  catchUp(task: ActiveTask): void;
  /** The task is gone, or its schedule means something else now. */
  forget(task: string): void;
}

interface DispatcherOptions {
  readonly runner: Runner;
  readonly book: RunBook;
  readonly clock: Clock;
  readonly emit: Emit;
}

export function createDispatcher({ runner, book, clock, emit }: DispatcherOptions): Dispatcher {
  /** Cancels the run that makes up for a missed one, by task. */
  const catchUps = new Map<string, () => void>();
  /** The latest time that came due while the task ran, by task. */
  const waiting = new Map<string, number>();

  function due(task: ActiveTask, scheduledFor: number): void {
    const start = runner.start({ task, trigger: 'schedule', scheduledFor });
    if (start.kind !== 'busy') return;
    emit({ type: 'RunSkipped', task: task.name, scheduledFor, reason: `run ${start.runId} has not ended` });
    void book.missed(task.name, scheduledFor, 1);
    if (!waiting.has(task.name)) void start.finished.then(() => startWaiting(task));
    waiting.set(task.name, scheduledFor);
  }

  function startWaiting(task: ActiveTask): void {
    const scheduledFor = waiting.get(task.name);
    waiting.delete(task.name);
    if (scheduledFor === undefined || clock.now() - scheduledFor > (task.spec.schedule?.deadlineMs ?? 0)) return;
    runner.start({ task, trigger: 'catchup', scheduledFor });
  }

  function catchUp(task: ActiveTask): void {
    const { schedule } = task.spec;
    if (schedule === null || !task.spec.enabled || catchUps.has(task.name)) return;
    const { lastScheduled } = book.history(task.name);
    const anchor = Math.max(task.appliedAt, lastScheduled ?? 0);
    const missed = missedRun({ name: task.name, schedule, now: clock.now(), anchor });
    if (missed === null) return;
    if (missed.kind === 'skip') {
      emit({ type: 'RunSkipped', task: task.name, scheduledFor: missed.scheduledFor, reason: missed.reason });
      void book.missed(task.name, missed.scheduledFor, missed.missed);
      return;
    }
    const { scheduledFor } = missed;
    const cancel = clock.setTimer(() => {
      catchUps.delete(task.name);
      runner.start({ task, trigger: 'catchup', scheduledFor });
    }, missed.startAt - clock.now());
    catchUps.set(task.name, cancel);
  }

  return {
    due,
    catchUp,
    forget(task) {
      catchUps.get(task)?.();
      catchUps.delete(task);
      waiting.delete(task);
    },
  };
}
