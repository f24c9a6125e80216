import type { ResolvedTask } from '../model/desired.ts';
import type { Emit, Event } from '../model/event.ts';
import type { Result } from '../model/result.ts';
import type { RunRecord } from '../model/run.ts';
import type { Engine } from './engine.ts';
import type { Inspector } from './inspector.ts';
import type { Reconciliation } from './reconcile.ts';

/** What the owner of a state directory does for others. The socket serves it; the owner itself calls it directly. */
export interface ControlHandlers {
  reconcile(): Promise<Result<Reconciliation, string>>;
  /** The listener hears of this run alone, from its start to its end. */
  run(task: string, dryRun: boolean, listener: Emit): ControlRun;
  /** False when no run of the task is in flight. */
  abort(task: string): boolean;
  readonly inspect: Inspector;
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
    run(name, dryRun, listener) {
      const task = taskOf(name);
      if (task === undefined) return { kind: 'unknown', message: `there is no task ${name} among those applied` };
      return dryRun ? simulate(engine, task, listener) : start(engine, task, listener);
    },
    abort: (name) => engine.runner.stop(name, 'Aborted'),
    inspect: engine.inspect,
  };
}

function start(engine: Engine, task: ResolvedTask, listener: Emit): ControlRun {
  const started = engine.runner.start({ task, trigger: 'manual', scheduledFor: null });
  if (started.kind !== 'started') return started;
  const leave = engine.subscribe((event) => {
    if (isAboutRun(event, started.runId)) listener(event);
  });
  return { kind: 'started', finished: started.finished.finally(leave), leave };
}

function simulate(engine: Engine, task: ResolvedTask, listener: Emit): ControlRun {
  const controller = new AbortController();
  const finished = engine.simulate(task, listener, controller.signal);
  return { kind: 'started', finished, leave: () => controller.abort('Aborted') };
}

function isAboutRun(event: Event, runId: string): boolean {
  return 'runId' in event && event.runId === runId;
}
