import type { ResolvedTask } from '../model/desired.ts';
import type { Emit } from '../model/event.ts';
import { noMemory } from '../model/memory.ts';
import { type ActiveRun, isSuccess, type RunRecord, type Trigger } from '../model/run.ts';
import { internalError } from '../model/system-error.ts';
import { claimsOf } from './claims.ts';
import { type Ending, endedEarly, recorded } from './ending.ts';
import type { Locks } from './locks.ts';
import type { Memories, OpenMemory } from './memories.ts';
import { createQueue } from './queue.ts';
import type { OpenRun, RunBook } from './run-book.ts';
import { runId } from './run-id.ts';
import { type RunOrder, type RunTools, type SharedTools, type StopReason, stopReason } from './run-order.ts';
import { runTask } from './run-task.ts';

export interface RunnerOptions {
  readonly book: RunBook;
  readonly locks: Locks;
  readonly memories: Memories;
  readonly tools: SharedTools;
  readonly maxConcurrentRuns: number;
  readonly emit: Emit;
}

export interface RunRequest {
  readonly task: ResolvedTask;
  readonly trigger: Trigger;
  readonly scheduledFor: number | null;
  /** How many deletions somebody allows this run; the task decides when left out. */
  readonly allowDeletes?: number | null;
  /** Whether directories may lie on another file system than at the last success. */
  readonly acceptFileSystem?: boolean;
  /** Of `cloudsync/run-at`, where that asks for the run. */
  readonly token?: string;
}

export type Start =
  | { readonly kind: 'started'; readonly runId: string; readonly finished: Promise<RunRecord> }
  /** The task's previous run has not ended. */
  | { readonly kind: 'busy'; readonly runId: string; readonly finished: Promise<RunRecord> }
  | { readonly kind: 'stopping' };

export interface Runner {
  start(request: RunRequest): Start;
  /** Asks a task's run to end; false when none is in flight. */
  stop(task: string, reason: StopReason): boolean;
  stopAll(reason: StopReason): void;
  activeRun(task: string): ActiveRun | null;
  readonly running: number;
  /** Starts nothing more, and resolves when what is in flight has ended. */
  drain(): Promise<void>;
}

interface InFlight {
  readonly run: ActiveRun;
  readonly controller: AbortController;
  readonly finished: Promise<RunRecord>;
}

export function createRunner({ book, locks, memories, tools: shared, maxConcurrentRuns, emit }: RunnerOptions): Runner {
  const { clock } = shared;
  const inFlight = new Map<string, InFlight>();
  const queue = createQueue(maxConcurrentRuns);
  /** Runs that wait for a place. */
  const queued = new Set<AbortController>();
  let stopping = false;

  function update(task: string, part: Partial<ActiveRun>): void {
    const current = inFlight.get(task);
    if (current !== undefined) inFlight.set(task, { ...current, run: { ...current.run, ...part } });
  }

  async function execute(order: RunOrder, request: RunRequest, controller: AbortController): Promise<RunRecord> {
    const { name, spec } = order.task;
    const { signal } = controller;
    const leave = await enter(order, signal);
    queued.delete(controller);
    const startedAt = clock.now();
    const opened = await book.open(order, request.scheduledFor, startedAt);
    const finish = (ending: Ending, log: string | null): RunRecord => ({
      ...{
        id: order.runId,
        task: name,
        specHash: order.task.specHash,
        trigger: order.trigger,
        token: order.token,
        dryRun: false,
      },
      ...{ scheduledFor: request.scheduledFor, startedAt, finishedAt: clock.now(), log },
      ...recorded(ending),
    });

    let record: RunRecord;
    if (!opened.ok) {
      // Without the journal a crash would lose the run, so it does not begin.
      record = finish(endedEarly('Failed', `the run could not be entered in the journal: ${opened.error}`), null);
      await book.enter(record, spec.history);
    } else {
      update(name, { startedAt, waitingFor: null });
      const memory = await memories.open(order.task);
      const remembering = { ...order, memory: memory.before };
      const ending = await attempt(remembering, opened.value, memory, startedAt, leave === null, signal);
      record = finish(ending, opened.value.logPath);
      if (isSuccess(record.outcome)) await memory.succeeded(record.finishedAt);
      opened.value.note({ type: 'RunFinished', task: name, runId: order.runId, record });
      await opened.value.close(record, spec.history);
    }
    leave?.();
    inFlight.delete(name);
    emit({ type: 'RunFinished', task: name, runId: order.runId, record });
    return record;
  }

  /** First what it reads and writes, then a place among those that run: who waits for a lock holds no place. */
  async function enter({ task, runId, trigger }: RunOrder, signal: AbortSignal): Promise<(() => void) | null> {
    const wait = (reason: string) => {
      update(task.name, { waitingFor: reason });
      emit({ type: 'RunQueued', task: task.name, runId, trigger, reason });
    };
    const unlock = await locks.acquire(task.name, await claimsOf(task, shared.environment), signal, (holder) => {
      wait(`task ${holder} uses the same place or credential`);
    });
    if (unlock !== null && queue.full) wait(`as many runs as may run at once (${maxConcurrentRuns}) are in flight`);
    const leave = unlock === null ? null : await queue.enter(signal);
    if (leave === null) unlock?.();
    if (leave === null || unlock === null) return null;
    return () => {
      leave();
      unlock();
    };
  }

  async function attempt(
    order: RunOrder,
    open: OpenRun,
    memory: OpenMemory,
    at: number,
    cancelled: boolean,
    signal: AbortSignal,
  ): Promise<Ending> {
    if (cancelled) return endedEarly(stopReason(signal), 'the run was stopped while it waited for a place');
    const { runId, trigger, dryRun } = order;
    const { name: task, specHash } = order.task;
    const tools: RunTools = {
      ...shared,
      signal,
      memory: memory.pen,
      emit(event) {
        if (event.type === 'RunProgress') update(task, { progress: event.progress });
        open.note(event);
        emit(event);
      },
      onAttempt: (number) => update(task, { attempt: number, progress: null }),
      async onSpawned(pid) {
        update(task, { pid });
        await open.spawned(pid);
      },
    };
    tools.emit({ type: 'RunStarted', task, runId, trigger, dryRun, at, specHash });
    // A bug that shows in one run must not end the others, and the daemon with them.
    return runTask(order, tools).catch((error: unknown) => endedEarly('Failed', internalError(error)));
  }

  return {
    start(request) {
      const { task, trigger, scheduledFor } = request;
      if (stopping) return { kind: 'stopping' };
      const busy = inFlight.get(task.name);
      if (busy !== undefined) return { kind: 'busy', runId: busy.run.id, finished: busy.finished };

      const now = clock.now();
      const id = runId(task.name, scheduledFor ?? now, scheduledFor !== null);
      const controller = new AbortController();
      queued.add(controller);
      const run: ActiveRun = {
        ...{ id, trigger, startedAt: now, specHash: task.specHash, attempt: 1 },
        ...{ waitingFor: null, pid: null, progress: null },
      };
      const { allowDeletes = null, acceptFileSystem = false, token = null } = request;
      const order = {
        task,
        runId: id,
        trigger,
        token,
        dryRun: false,
        allowDeletes,
        acceptFileSystem,
        memory: noMemory,
      };
      const finished = Promise.resolve().then(() => execute(order, request, controller));
      inFlight.set(task.name, { run, controller, finished });
      return { kind: 'started', runId: id, finished };
    },
    stop(task, reason) {
      inFlight.get(task)?.controller.abort(reason);
      return inFlight.has(task);
    },
    stopAll(reason) {
      for (const { controller } of inFlight.values()) controller.abort(reason);
    },
    activeRun: (task) => inFlight.get(task)?.run ?? null,
    get running() {
      return inFlight.size;
    },
    async drain() {
      stopping = true;
      for (const controller of queued) controller.abort('Interrupted' satisfies StopReason);
      await Promise.all([...inFlight.values()].map(({ finished }) => finished));
    },
  };
}
