import type { CheckOrder, CheckRecord } from '../model/check.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Emit, Event } from '../model/event.ts';
import { lastTouchingRun, type TaskHistory } from '../model/history.ts';
import type { Backup, RestoreOrder, RestoreRecord } from '../model/restore.ts';
import { err, type Result } from '../model/result.ts';
import { internalError } from '../model/system-error.ts';
import { type CheckAbout, checkTask, failedCheck, stoppedCheck } from './check-task.ts';
import { claimsOf, tokenClaimsOf } from './claims.ts';
import { endedEarly, recorded } from './ending.ts';
import type { Claim, Locks } from './locks.ts';
import { createQueue } from './queue.ts';
import { listBackups } from './restore/backups.ts';
import { restore } from './restore/restore.ts';
import { nothingRestored } from './restore/restore-ending.ts';
import { openRestoreLog } from './restore/restore-log.ts';
import { reverseTask } from './restore/reverse-task.ts';
import { runId } from './run-id.ts';
import { type SharedTools, type StopReason, stopReason } from './run-order.ts';

/** Work on a task's files beside its runs: it changes neither their history nor when they are due. */
export interface ErrandRunner {
  /** The listener hears of this restore alone, from its start to its end. */
  restore(task: ResolvedTask, order: RestoreOrder, listener: Emit, signal: AbortSignal): Promise<RestoreRecord>;
  check(task: ResolvedTask, wish: CheckWish, listener: Emit, signal: AbortSignal): Promise<CheckRecord>;
  /** The schedule asks for a check: none that is under way or waits is asked for twice. */
  checkDue(task: ResolvedTask | undefined): void;
  backups(task: ResolvedTask, signal: AbortSignal): Promise<Result<readonly Backup[], string>>;
  stopAll(reason: StopReason): void;
  /** Starts nothing more, ends checks, and resolves when restores have ended. */
  drain(): Promise<void>;
}

export interface CheckWish extends CheckOrder {
  readonly trigger: CheckRecord['trigger'];
}

export interface ErrandRunnerOptions {
  readonly locks: Locks;
  readonly tools: SharedTools;
  /** What is known of a task's runs. */
  readonly historyOf: (task: string) => TaskHistory;
  /** How many checks go on at once. */
  readonly maxConcurrentChecks: number;
  /** Told of what has ended, and of what cannot be written. */
  readonly emit: Emit;
}

export function createErrandRunner(options: ErrandRunnerOptions): ErrandRunner {
  const { locks, tools, emit, historyOf } = options;
  const { clock, environment } = tools;
  const queue = createQueue(options.maxConcurrentChecks);
  const all = new AbortController();
  const checks = new AbortController();
  const inFlight = new Set<Promise<unknown>>();

  function hold<T>(work: Promise<T>): Promise<T> {
    inFlight.add(work);
    const done = () => inFlight.delete(work);
    work.then(done, done);
    return work;
  }

  /** Waits for whoever writes what is read here. */
  function lock(task: ResolvedTask, errand: string, claims: readonly Claim[], about: About, signal: AbortSignal) {
    return locks.acquire(`${task.name} (${errand})`, claims, signal, (holder) => {
      const reason = `${holder} uses the same place or credential`;
      about.listener({ type: 'RunQueued', task: task.name, runId: about.runId, trigger: 'manual', reason });
    });
  }

  async function restoreTask(task: ResolvedTask, order: RestoreOrder, listener: Emit, own: AbortSignal) {
    const signal = AbortSignal.any([own, all.signal]);
    const startedAt = clock.now();
    const about = { task: task.name, runId: `restore-${runId(task.name, startedAt, false)}` };
    const log = order.dryRun ? null : await openRestoreLog(tools.state, about, writeFailed);
    const tell: Emit = (event) => {
      log?.note(event);
      listener(event);
    };
    tell(startedEvent(about, task, order.dryRun, startedAt));
    const reversed = reverseTask(task, order.directory);
    const claims = order.dryRun || !reversed.ok ? tokenClaimsOf(task) : await claimsOf(reversed.value, environment);
    const release = await lock(task, 'restore', claims, { runId: about.runId, listener: tell }, signal);
    const history = historyOf(task.name);
    const { ending, restored } =
      release === null
        ? nothingRestored(order, endedEarly(stopReason(signal), 'the restore was stopped while it waited'))
        : await restore(task, order, { runId: about.runId, history }, { ...tools, emit: tell, signal }).catch(
            (error: unknown) => nothingRestored(order, endedEarly('Failed', internalError(error))),
          );
    release?.();
    const record: RestoreRecord = {
      ...{ id: about.runId, task: task.name, specHash: task.specHash, trigger: 'manual', dryRun: order.dryRun },
      ...{ scheduledFor: null, token: null, startedAt, finishedAt: clock.now(), log: log?.path ?? null },
      ...recorded(ending),
      restored,
    };
    tell({ type: 'RunFinished', ...about, record });
    await log?.close();
    if (!order.dryRun) emit({ type: 'RestoreFinished', task: task.name, directory: order.directory, record });
    return record;
  }

  function writeFailed(path: string, detail: string): void {
    emit({ type: 'WriteFailed', path, detail });
  }

  async function check(task: ResolvedTask, wish: CheckWish, listener: Emit, own: AbortSignal) {
    const signal = AbortSignal.any([own, checks.signal, all.signal]);
    const id = `check-${runId(task.name, clock.now(), false)}`;
    const release = await lock(task, 'check', await checkClaims(task, environment), { runId: id, listener }, signal);
    const leave = release === null ? null : await queue.enter(signal);
    const startedAt = clock.now();
    // Under the lock: no run of the task can begin meanwhile.
    const about = aboutCheck(task, wish, id);
    const finding =
      leave === null
        ? stoppedCheck
        : await checkTask(task, about, { ...tools, emit: listener, signal }).catch((error: unknown) =>
            failedCheck(internalError(error)),
          );
    leave?.();
    release?.();
    const { trigger } = wish;
    const finishedAt = clock.now();
    const { specHash } = task;
    const { run } = about;
    const record: CheckRecord = { task: task.name, trigger, startedAt, finishedAt, specHash, run, ...finding };
    // What was ended before its end says nothing about the files.
    if (record.verdict !== 'Stopped') emit({ type: 'CheckFinished', task: task.name, check: record });
    return record;
  }

  function aboutCheck({ name }: ResolvedTask, { download, sample }: CheckWish, id: string): CheckAbout {
    const history = historyOf(name);
    const last = lastTouchingRun(history);
    const run = last === null ? null : { id: last.id, outcome: last.outcome, finishedAt: last.finishedAt };
    return { runId: id, download, sample, run, lastSuccessAt: history.lastSuccess?.startedAt ?? null };
  }

  async function backups(task: ResolvedTask, signal: AbortSignal): Promise<Result<readonly Backup[], string>> {
    const release = await locks.acquire(`${task.name} (list)`, tokenClaimsOf(task), signal, () => {});
    if (release === null) return err('stopped');
    return listBackups(task, historyOf(task.name), { ...tools, signal }).finally(release);
  }

  const due = new Set<string>();

  function checkDue(task: ResolvedTask | undefined): void {
    if (task === undefined || due.has(task.name)) return;
    due.add(task.name);
    const over = () => due.delete(task.name);
    void hold(check(task, { trigger: 'schedule', download: false, sample: null }, () => {}, checks.signal)).finally(
      over,
    );
  }

  return {
    checkDue,
    restore: (task, order, listener, signal) => hold(restoreTask(task, order, listener, signal)),
    check: (task, wish, listener, signal) => hold(check(task, wish, listener, signal)),
    backups: (task, signal) => hold(backups(task, signal)),
    stopAll: (reason) => all.abort(reason),
    async drain() {
      checks.abort('Interrupted' satisfies StopReason);
      await Promise.all(inFlight);
    },
  };
}

interface About {
  readonly runId: string;
  readonly listener: Emit;
}

/** A check reads both sides, but a token that is renewed is written all the same. */
async function checkClaims(task: ResolvedTask, environment: NodeJS.ProcessEnv): Promise<readonly Claim[]> {
  const claims = await claimsOf(task, environment);
  return claims.map((claim) => (claim.space === 'token' ? claim : { ...claim, mode: 'read' }));
}

function startedEvent(
  about: { readonly task: string; readonly runId: string },
  { specHash }: ResolvedTask,
  dryRun: boolean,
  at: number,
): Event {
  return { type: 'RunStarted', ...about, trigger: 'manual', dryRun, at, specHash };
}
