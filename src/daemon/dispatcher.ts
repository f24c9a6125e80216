import type { ActiveTask } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import { unreachable } from '../model/result.ts';
import type { RunRecord, Trigger } from '../model/run.ts';
import type { RunBook } from '../run/run-book.ts';
import type { Runner, Start } from '../run/runner.ts';
import { isPlausible } from '../schedule/clock-correction.ts';
import { type MissedRun, missedRun } from '../schedule/missed.ts';

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
  /** Cancels the run that is to make up for missed ones, by task. */
  const catchUps = new Map<string, () => void>();
  /** The latest time that came due while the task ran, by task. */
  const waiting = new Map<string, number>();
  /** The latest time that a run was started for, by task; of runs in flight the history knows nothing yet. */
  const started = new Map<string, number>();

  function begin(name: string, trigger: Trigger, scheduledFor: number): void {
    const task = taskOf(name);
    if (task === undefined) return;
    const start = runner.start({ task, trigger, scheduledFor });
    if (start.kind === 'started') started.set(name, scheduledFor);
    if (start.kind !== 'busy') return;
    meetRunning(task, start, scheduledFor);
  }

  /** The time has come, and the task's run before has not ended. */
  function meetRunning(
    { name, spec }: ActiveTask,
    busy: Extract<Start, { readonly kind: 'busy' }>,
    scheduledFor: number,
  ): void {
    switch (spec.concurrency) {
      case 'Forbid':
        emit({ type: 'RunSkipped', task: name, scheduledFor, reason: `run ${busy.runId} has not ended` });
        void book.owed(name, scheduledFor);
        break;
      case 'Replace':
        runner.stop(name, 'Aborted');
        break;
      case 'Queue':
        break;
      default:
        unreachable(spec.concurrency);
    }
    waitFor(busy.finished, name, scheduledFor);
  }

  function waitFor(finished: Promise<RunRecord>, name: string, scheduledFor: number): void {
    if (!waiting.has(name)) void finished.then(() => startWaiting(name));
    waiting.set(name, scheduledFor);
  }

  function startWaiting(name: string): void {
    const scheduledFor = waiting.get(name);
    waiting.delete(name);
    const spec = taskOf(name)?.spec;
    if (scheduledFor === undefined || spec === undefined || !isPlausible(scheduledFor, clock.now())) return;
    // Who queues runs wants one after the other, however late; otherwise it makes up for one that was skipped.
    const late = clock.now() - scheduledFor > (spec.schedule?.deadlineMs ?? 0);
    if (late && spec.concurrency === 'Forbid') return;
    begin(name, 'catchup', scheduledFor);
  }

  /** Scheduled times up to here had their run. */
  function lastStarted(name: string): number {
    const known = started.get(name);
    const times = known === undefined ? book.history(name).runs.map((run) => run.scheduledFor ?? 0) : [known];
    return latestPlausible(times);
  }

  function latestPlausible(times: readonly number[]): number {
    const now = clock.now();
    return Math.max(0, ...times.filter((time) => isPlausible(time, now)));
  }

  function missedOf(name: string): MissedRun | null {
    const task = taskOf(name);
    const schedule = task?.spec.schedule ?? null;
    if (task === undefined || schedule === null || !task.spec.enabled) return null;
    const history = book.history(name);
    const now = clock.now();
    // Where all that is known is of a wrong clock, nothing is known to be missed.
    const judge = (...done: readonly number[]) =>
      missedRun({ name, schedule, now, anchor: latestPlausible([task.scheduledSince, ...done]) || now });
    const missed = judge(history.lastScheduled ?? 0, lastStarted(name));
    const { owedSince } = history;
    // While a run is in flight, its end is what the time waits for.
    const isOwed = owedSince !== null && isPlausible(owedSince, now) && runner.activeRun(name) === null;
    if (missed !== null || !isOwed) return missed;
    const owed = judge(owedSince - 1);
    return owed?.kind === 'start' ? owed : null;
  }

  function catchUp(name: string): void {
    if (catchUps.has(name)) return;
    const missed = missedOf(name);
    if (missed === null) return;
    if (missed.kind === 'skip') {
      skip(name, missed);
      return;
    }
    const cancel = clock.setTimer(() => startCatchUp(name), missed.startAt - clock.now());
    catchUps.set(name, cancel);
  }

  /** Meanwhile the schedule may have started a later run, the machine have slept, or the clock have been set. */
  function startCatchUp(name: string): void {
    catchUps.delete(name);
    const missed = missedOf(name);
    if (missed === null) return;
    if (missed.kind === 'skip') skip(name, missed);
    else begin(name, 'catchup', missed.scheduledFor);
  }

  function skip(name: string, { scheduledFor, reason, missed }: MissedRun & { readonly kind: 'skip' }): void {
    emit({ type: 'RunSkipped', task: name, scheduledFor, reason });
    void book.missed(name, scheduledFor, missed);
  }

  return {
    due(task, scheduledFor) {
      // A clock that was set back comes by the same times again, also after a restart or a catch-up.
      if (scheduledFor > lastStarted(task)) begin(task, 'schedule', scheduledFor);
    },
    catchUp,
    forget(task) {
      catchUps.get(task)?.();
      catchUps.delete(task);
      waiting.delete(task);
      // Not deleted: what the history knows was started by the schedule of before.
      started.set(task, 0);
    },
  };
}
