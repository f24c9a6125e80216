import type { ResolvedTask } from '../model/desired.ts';
import type { Emit, Event } from '../model/event.ts';
import type { Result } from '../model/result.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import type { Engine } from './engine.ts';
import { createErrands, type Errands } from './errands.ts';
import type { Inspector } from './inspector.ts';
import type { Reconciliation } from './reconcile.ts';

/** What the owner of a state directory does for others. The socket serves it; the owner itself calls it directly. */
export interface ControlHandlers {
  reconcile(): Promise<Result<Reconciliation, string>>;
  /** The listener hears of this run alone, from its start to its end. */
  run(task: string, wish: RunWish, listener: Emit): ControlRun;
  /** False when no run of the task is in flight. */
  abort(task: string): boolean;
  readonly inspect: Inspector;
  readonly errands: Errands;
}

export type ControlRun =
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'busy'; readonly runId: string }
  | { readonly kind: 'stopping' }
  | {
      readonly kind: 'started';
      readonly finished: Promise<RunRecord>;
      /** Nobody listens any more. A real run goes on; a dry run, which only its listener wants, ends. */
      leave(): void;
    };

interface HandlerOptions {
  readonly engine: Engine;
  /** The tasks that can be run, by name: those applied, or with no daemon those of the manifests. */
  task(name: string): ResolvedTask | undefined;
  reconcile(): Promise<Result<Reconciliation, string>>;
}

export function createControlHandlers({ engine, task: taskOf, reconcile }: HandlerOptions): ControlHandlers {
  return {
    reconcile,
    run(name, wish, listener) {
      const task = taskOf(name);
      if (task === undefined) return { kind: 'unknown', message: `there is no task ${name} among those applied` };
      return wish.dryRun ? simulate(engine, task, wish, listener) : start(engine, task, wish, listener);
    },
    abort: (name) => engine.runner.stop(name, 'Aborted'),
    inspect: engine.inspect,
    errands: createErrands(engine.errands, taskOf),
  };
}

function start(engine: Engine, task: ResolvedTask, wish: RunWish, listener: Emit): ControlRun {
  const { allowDeletes } = wish;
  const started = engine.runner.start({ task, trigger: 'manual', scheduledFor: null, allowDeletes });
  if (started.kind === 'busy' && task.spec.concurrency !== 'Forbid') {
    if (task.spec.concurrency === 'Replace') engine.runner.stop(task.name, 'Aborted');
    return startAfter(started.finished, () => start(engine, task, wish, listener));
  }
  if (started.kind !== 'started') return started;
  const leave = engine.subscribe((event) => {
    if (isAboutRun(event, started.runId)) listener(event);
  });
  return { kind: 'started', finished: started.finished.finally(leave), leave };
}

/** A run that waits for the one before it. Who asked may leave meanwhile; it starts all the same. */
function startAfter(before: Promise<RunRecord>, begin: () => ControlRun): ControlRun {
  let leave = () => {};
  const finished = before.then((previous) => {
    const next = begin();
    if (next.kind !== 'started') return previous;
    leave = next.leave;
    return next.finished;
  });
  return { kind: 'started', finished, leave: () => leave() };
}

function simulate(engine: Engine, task: ResolvedTask, wish: RunWish, listener: Emit): ControlRun {
  const controller = new AbortController();
  const finished = engine.simulate(task, wish, listener, controller.signal);
  return { kind: 'started', finished, leave: () => controller.abort('Aborted') };
}

function isAboutRun(event: Event, runId: string): boolean {
  return 'runId' in event && event.runId === runId;
}
