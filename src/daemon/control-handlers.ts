import { systemClock } from '../model/clock.ts';
import type { DaemonStatus, StatusReport } from '../model/daemon-status.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Emit, Event } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import type { StatusFile } from '../model/status.ts';
import type { Start } from '../run/runner.ts';
import type { Engine } from './engine.ts';
import { createErrands, type Errands } from './errands.ts';
import type { Inspector } from './inspector.ts';
import { type TransferTools, withTransfers } from './plan-transfers.ts';
import type { Reconciliation } from './reconcile.ts';
import type { ReadLog } from './run-logs.ts';
import { createWaitingRuns } from './waiting-runs.ts';

/** What the owner of a state directory does for others. The socket serves it; the owner itself calls it directly. */
export interface ControlHandlers {
  /** Reads the manifests again, and does with them what the mode says. */
  reconcile(): Promise<Result<Reconciliation, string>>;
  /** What applying the manifests would do. */
  plan(): Promise<Result<Reconciliation, string>>;
  /** The same plan with what runs would do to files, found out by dry runs. */
  transfers(plan: Plan, tools: Omit<TransferTools, 'simulate'>): Promise<Plan>;
  /** Applies the manifests, whatever the mode; with a hash, only if that is the hash of the plan. */
  apply(expected: string | null): Promise<Result<Reconciliation, string>>;
  /**
   * Reads the manifests again where they are run as they are, and not as they were applied. To be called before the
   * name of a task is given to any of these.
   */
  refresh(): Promise<Result<void, string>>;
  /** The listener hears of this run alone, from its start to its end. */
  run(task: string, wish: RunWish, listener: Emit): ControlRun;
  /** False when no run of the task is in flight. */
  abort(task: string): boolean;
  status(): Promise<StatusReport>;
  /** Tells every event from now on; `ended` resolves when there will be no more. */
  events(listener: Emit): { leave(): void; readonly ended: Promise<void> };
  readonly readLog: ReadLog;
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

/** What only a process that follows the manifests can do. */
export interface Passes extends Pick<ControlHandlers, 'reconcile' | 'plan' | 'apply'> {
  /** How it is; `null`: it follows none. */
  daemon(): DaemonStatus | null;
}

interface HandlerOptions {
  readonly engine: Engine;
  /** The tasks that can be run, by name: those applied, or with no daemon those of the manifests. */
  task(name: string): ResolvedTask | undefined;
  readonly passes: Passes;
  /** Left out where tasks are run as they were applied. */
  readonly manifests?: {
    readonly refresh: () => Promise<Result<void, string>>;
    readonly whyMissing: (task: string) => string;
  };
}

/** Of a process that is there for one task. */
export function noPasses(message: string): Passes {
  const refuse = async () => err(message);
  return { reconcile: refuse, plan: refuse, apply: refuse, daemon: () => null };
}

export function createControlHandlers({ engine, task: taskOf, passes, manifests }: HandlerOptions): ControlHandlers {
  const waiting = createWaitingRuns(systemClock);
  const refresh = manifests?.refresh ?? (async () => ok(undefined));

  function run(name: string, wish: RunWish, listener: Emit): ControlRun {
    const task = taskOf(name);
    if (task === undefined) return { kind: 'unknown', message: missing(name) };
    if (wish.dryRun) return simulate(engine, task, wish, listener);
    const started = start(engine, task, wish, listener);
    if (started.kind !== 'busy' || task.spec.concurrency === 'Forbid') return started;
    if (task.spec.concurrency === 'Replace') engine.runner.stop(name, 'Aborted');
    return waiting.add({
      task,
      listener,
      before: started,
      async begin() {
        const read = await refresh();
        return read.ok ? run(name, wish, listener) : { kind: 'unknown', message: read.error };
      },
    });
  }

  function missing(name: string): string {
    return manifests?.whyMissing(name) ?? `there is no task ${name} among those applied`;
  }

  return {
    ...{ reconcile: passes.reconcile, plan: passes.plan, apply: passes.apply, refresh, run },
    transfers(plan, tools) {
      const dry = { dryRun: true, allowDeletes: null };
      const simulateTask: TransferTools['simulate'] = (task, ...rest) => engine.simulate(task, dry, ...rest);
      return withTransfers(plan, { ...tools, simulate: simulateTask });
    },
    abort(name) {
      const left = waiting.cancel(name);
      return engine.runner.stop(name, 'Aborted') || left;
    },
    async status() {
      const files = await engine.board.files();
      const isCredential = ({ kind }: StatusFile) => kind === 'CloudCredentialStatus';
      return {
        daemon: passes.daemon(),
        tasks: files.filter((file) => !isCredential(file)),
        credentials: files.filter(isCredential),
      };
    },
    events: (listener) => ({ leave: engine.subscribe(listener), ended: engine.closed }),
    ...{ readLog: engine.readLog, inspect: engine.inspect },
    errands: createErrands(engine.errands, taskOf),
  };
}

type Begun = Extract<ControlRun, { readonly kind: 'started' }> | Exclude<Start, { readonly kind: 'started' }>;

function start(
  engine: Engine,
  task: ResolvedTask,
  { allowDeletes, acceptFileSystem = false }: RunWish,
  listener: Emit,
): Begun {
  const started = engine.runner.start({ task, trigger: 'manual', scheduledFor: null, allowDeletes, acceptFileSystem });
  if (started.kind !== 'started') return started;
  const leave = engine.subscribe((event) => {
    if (isAboutRun(event, started.runId)) listener(event);
  });
  return { kind: 'started', finished: started.finished.finally(leave), leave };
}

function simulate(engine: Engine, task: ResolvedTask, wish: RunWish, listener: Emit): ControlRun {
  const controller = new AbortController();
  const finished = engine.simulate(task, wish, listener, controller.signal);
  return { kind: 'started', finished, leave: () => controller.abort('Aborted') };
}

function isAboutRun(event: Event, runId: string): boolean {
  return 'runId' in event && event.runId === runId;
}
