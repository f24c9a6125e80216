import type { ActiveSet, ActiveTask } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import type { Emit, Event } from '../model/event.ts';
import type { RunBook } from '../run/run-book.ts';
import type { Runner } from '../run/runner.ts';

/** Starts the runs that commits ask for by the annotation `cloudsync/run-at`, one for each new token. */
export interface RunRequests {
  /** Looks at what is asked for; to be called when the active set has changed. */
  look(): void;
  /** To be told of every event. */
  follow(event: Event): void;
}

interface RequestOptions {
  readonly runner: Runner;
  readonly book: RunBook;
  readonly clock: Clock;
  readonly emit: Emit;
  active(): ActiveSet;
  /** Records that a token had its run. */
  keep(task: ActiveTask): Promise<void>;
}

interface Asked {
  readonly name: string;
  readonly token: string;
}

export function createRunRequests({ runner, book, clock, emit, active, keep }: RequestOptions): RunRequests {
  /** What was asked to start and is not in the journal yet, by run. */
  const starting = new Map<string, Asked>();
  /** The last token of each task that had its run: recording that takes a while, and may fail. */
  const settled = new Map<string, string>();

  function lookAt(task: ActiveTask): void {
    const { name, spec, runTokens } = task;
    const token = runTokens.pending;
    if (token === null || settled.get(name) === token) return;
    if ([...starting.values()].some((each) => each.name === name)) return;
    // The run was entered, and the daemon ended before that was recorded.
    if (book.history(name).lastRun?.token === token) {
      settle({ name, token });
    } else if (!spec.enabled) {
      emit({
        type: 'RunSkipped',
        task: name,
        scheduledFor: clock.now(),
        reason: 'cloudsync/run-at: it is not enabled',
      });
      settle({ name, token });
    } else {
      start(task, token);
    }
  }

  function start(task: ActiveTask, token: string): void {
    const started = runner.start({ task, trigger: 'annotation', scheduledFor: null, token });
    if (started.kind === 'started') starting.set(started.runId, { name: task.name, token });
    // The end of that run, which will be heard of, is the next occasion.
    if (started.kind === 'busy' && task.spec.concurrency === 'Replace') runner.stop(task.name, 'Aborted');
  }

  /** A later commit may have asked for another run meanwhile. */
  function settle({ name, token }: Asked): void {
    const task = active().get(name);
    if (task === undefined) return;
    settled.set(name, token);
    const { pending } = task.runTokens;
    void keep({ ...task, runTokens: { handled: token, pending: pending === token ? null : pending } });
  }

  return {
    look() {
      for (const task of active().values()) lookAt(task);
    },
    follow(event) {
      if (event.type !== 'RunStarted' && event.type !== 'RunFinished') return;
      const begun = starting.get(event.runId);
      starting.delete(event.runId);
      // Only now: it is in the journal, and a crash from here on is an interrupted run with this token.
      if (begun !== undefined) settle(begun);
      const task = active().get(event.task);
      if (event.type === 'RunFinished' && task !== undefined) lookAt(task);
    },
  };
}
