import type { ActiveSet, CredentialOwners } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import type { Desired, ResolvedTask } from '../model/desired.ts';
import type { Emit } from '../model/event.ts';
import { ok, type Result } from '../model/result.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isApprovalCurrent } from '../plan/prune-guard.ts';
import { openCutOffs } from '../run/cut-off/cut-offs.ts';
import { createErrandRunner, type ErrandRunner } from '../run/errand-runner.ts';
import { createLocks } from '../run/locks.ts';
import { createMemories } from '../run/memories.ts';
import { findMissingSecrets, noMissingSecrets } from '../run/missing-secrets.ts';
import { createRunBook } from '../run/run-book.ts';
import { createRunner, type Runner } from '../run/runner.ts';
import { simulate } from '../run/simulate.ts';
import { type ActiveStore, openActiveStore } from '../state/active-store.ts';
import { isApproval, noApproval, readApprovedPrune, writeApprovedPrune } from '../state/approved-prune.ts';
import { readChecks } from '../state/check-store.ts';
import { readHistories } from '../state/history-store.ts';
import { openJournal } from '../state/journal.ts';
import type { CorruptFile } from '../state/json-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import { readVerifications, writeVerifications } from '../state/verification-store.ts';
import type { StatusStore } from '../status/store.ts';
import { createChecks } from './checks.ts';
import { heldIn } from './held-tasks.ts';
import { createInspector, type Inspector } from './inspector.ts';
import { openManifestCache } from './manifest-cache.ts';
import { createManifestReader } from './manifest-reader.ts';
import { isAnyDeleted } from './name-claims.ts';
import { createProviderSearch } from './provider-search.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import { recoverRuns } from './recovery.ts';
import { createRunLogs, type ReadLog } from './run-logs.ts';
import { createRunRequests } from './run-requests.ts';
import { createSchedules, type Schedules } from './schedules.ts';
import type { Settings } from './settings.ts';
import { createSharedTools } from './shared-tools.ts';
import { createStatusBoard, type StatusBoard } from './status-board.ts';
import { createStatusNews } from './status-news.ts';
import { createVerifications } from './verifications.ts';

export interface EngineOptions {
  /** Whether schedules fire, from the first pass on; only a daemon stays long enough. */
  readonly firing: boolean;
  /** Whether what the manifests say is applied without anybody asking. */
  readonly automatic: boolean;
  readonly settings: Settings;
  readonly state: StateDirectory;
  readonly statusStore: StatusStore;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  readonly emit: Emit;
}

/**
 * The one owner of a state directory while it is open: active set, runs, schedules and status, put together. The
 * daemon keeps it open; `apply` and `run` open it for a moment when there is no daemon.
 */
export interface Engine {
  readonly runner: Runner;
  readonly board: StatusBoard;
  readonly schedules: Schedules;
  active(): ActiveSet;
  owners(): CredentialOwners;
  /** Says, as an event, what keeps runs from starting; better now than at the first run. */
  checkRclone(): Promise<void>;
  /** Tells something to all who listen. */
  readonly emit: Emit;
  /** Tells every event from now on; the result ends it. */
  subscribe(listener: Emit): () => void;
  /** Nothing more will happen. */
  readonly closed: Promise<void>;
  readonly readLog: ReadLog;
  /** Asks remotes, without a run. */
  readonly inspect: Inspector;
  /** Restores and checks. */
  readonly errands: ErrandRunner;
  /** A dry run, whose events only its caller hears. */
  simulate(task: ResolvedTask, wish: RunWish, listener: Emit, signal: AbortSignal): Promise<RunRecord>;
  /** What the last owner had read, for the first snapshot to go on from. */
  readonly recalled: Snapshot | null;
  /** Reads manifests without acting on them. */
  read(snapshot: Snapshot): Promise<Desired>;
  /** Finds out what an apply would do, and tells the status. */
  plan(snapshot: Snapshot): Promise<Reconciliation>;
  /**
   * Makes the active set what the manifests say, and tells schedules and status; with a hash, only if that is the hash
   * of the plan.
   */
  apply(snapshot: Snapshot, expected: string | null): Promise<Reconciliation>;
  /** Writes what is in force, and what is known of runs, where the files of the state directory were lost. */
  rewriteState(): Promise<Result<void, string>>;
  /** Waits for runs in flight and for every write. */
  close(): Promise<void>;
}

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { firing, automatic, settings, state, statusStore, clock, environment } = options;
  const listeners = new Set<Emit>([options.emit]);
  /** Of what is told while the state is read, nothing follows yet. */
  let followRun: Emit = () => undefined;
  const emit: Emit = (event) => {
    for (const listener of listeners) listener(event);
    followRun(event);
  };

  const onCorrupt = (corrupt: CorruptFile) => emit({ type: 'StateCorrupt', ...corrupt });
  const store = await openActiveStore(state, onCorrupt);
  const histories = await readHistories(state, 'all', onCorrupt);
  const journal = await openJournal(state, onCorrupt);
  const book = createRunBook({ state, journal, histories, emit });
  await recoverRuns({ journal, book, active: store.tasks(), clock });

  const writeFailed = (path: string, detail: string) => emit({ type: 'WriteFailed', path, detail });
  const memories = createMemories({ state, onCorrupt, onError: writeFailed });
  // After the rclones of runs that a crash cut off have been ended.
  const cutOffs = await openCutOffs({ state, onCorrupt, onError: writeFailed, now: Date.now() });
  const locks = createLocks();
  const known = await readVerifications(state, onCorrupt);
  const verifications = createVerifications({
    ...{ known, clock },
    onChange(credential) {
      board.refreshCredential(credential);
      void writeVerifications(state, known).then((written) => {
        if (!written.ok) writeFailed('verifications.json', written.error);
      });
    },
  });
  const search = createProviderSearch(settings, environment);
  const role = firing ? 'daemon' : 'command';
  const tools = createSharedTools({ settings, environment, search, state, clock, cutOffs, role });
  const runner = createRunner({ book, locks, memories, tools, emit, maxConcurrentRuns: settings.maxConcurrentRuns });
  const errands = createErrandRunner({
    locks,
    tools,
    historyOf: book.history,
    maxConcurrentChecks: settings.maxConcurrentRuns,
    emit,
  });
  const checks = createChecks({ state, known: await readChecks(state, onCorrupt), emit });
  const schedules = createSchedules({
    ...{ runner, book, clock, emit, task: (name) => store.tasks().get(name) },
    onCheckDue: (name) => errands.checkDue(store.tasks().get(name)),
  });
  const board = createStatusBoard({
    automatic,
    store: statusStore,
    ...{ clock, writerVersion: settings.version },
    onWriteError: writeFailed,
    facts: {
      active: store.tasks,
      history: book.history,
      activeRun: runner.activeRun,
      nextRun: schedules.next,
      dueSinceSuccess: (task) => schedules.dueSince(task, book.history(task.name).lastSuccess?.finishedAt ?? 0),
      check: checks.of,
      verification: verifications.of,
      now: clock.now,
    },
  });

  const requests = createRunRequests({
    ...{ runner, book, clock, emit, active: store.tasks },
    async keep(task) {
      const recorded = await store.record({ writes: [task], removes: [] }, clock.now());
      if (!recorded.ok) writeFailed('active.ndjson', recorded.error);
      board.refresh(task.name);
    },
  });
  const statusNews = createStatusNews(clock);
  followRun = (event) => {
    if (event.type === 'CheckFinished') checks.keep(event.check);
    const changed = statusNews(event);
    if (changed !== null) board.refresh(changed);
    if (firing) requests.follow(event);
    if (event.type !== 'RunFinished') return;
    const credential = store.tasks().get(event.task)?.spec.remote.credential ?? null;
    if (credential !== null) verifications.used(credential, event.record);
  };

  let tellClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    tellClosed = resolve;
  });
  const cache = openManifestCache({ path: state.manifests, settings, active: store.tasks });
  const readManifests = createManifestReader({ settings, search, cache });
  let desired: Desired | null = null;
  let lastSnapshot: Snapshot | null = null;
  let absentSince: ReadonlyMap<string, number> = new Map();

  /** `to`: where the plan is made so; `null`: it is only told. */
  async function pass(snapshot: Snapshot, expected: string | null, to: ActiveStore | null): Promise<Reconciliation> {
    desired = await readManifests(snapshot, store.tasks(), store.owners());
    const approvedPrune = await readApprovedPrune(state);
    const known = { active: store.tasks(), owners: store.owners(), absentSince, now: clock.now() };
    // Another process that only applies is not the one that will run the tasks.
    const missingSecrets = firing ? await findMissingSecrets(desired.tasks.values(), tools) : noMissingSecrets;
    const done = await reconcile({ ...settings, ...known, desired, missingSecrets, approvedPrune, expected }, to);
    absentSince = done.absentSince;
    // Before the statuses are written, which say when each task runs next.
    if (firing) schedules.follow(done.active);
    board.know(desired, snapshot.directory, heldIn(done.plan));
    board.refreshAll(snapshot === lastSnapshot);
    lastSnapshot = snapshot;
    if (firing) requests.look();
    void board.settled().then(cache.keep);
    await book.flush();
    // An approval holds once, and for what is refused now: the same tasks may be made again, and vanish by accident.
    const approvalIsUsed = done.applied && done.failure === null && isAnyDeleted(done.plan, done.absentSince);
    if (isApproval(approvedPrune) && (approvalIsUsed || !isApprovalCurrent(approvedPrune, done.plan.changes))) {
      await writeApprovedPrune(state, noApproval);
    }
    return done;
  }

  return {
    ...{ runner, board, schedules, errands, emit, closed },
    readLog: createRunLogs({ state, book, runner }),
    active: store.tasks,
    owners: store.owners,
    async checkRclone() {
      const inspected = await tools.inspectBinary();
      if (!inspected.ok) emit({ type: 'RcloneUnusable', message: inspected.error });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    inspect: createInspector({ tools, locks, desired: () => desired, onReport: verifications.reported }),
    async simulate(task, wish, listener, signal) {
      const memory = await memories.of(task.name);
      return simulate(task, { ...wish, memory }, { ...tools, locks, signal, emit: listener });
    },
    recalled: cache.recalled,
    async read(snapshot) {
      desired = await readManifests(snapshot, store.tasks(), store.owners());
      board.know(desired, snapshot.directory, { refusals: new Map(), kept: new Map() });
      return desired;
    },
    plan: (snapshot) => pass(snapshot, null, null),
    apply: (snapshot, expected) => pass(snapshot, expected, store),
    async rewriteState() {
      const written = [await store.rewrite(), await book.rewrite(), await writeVerifications(state, known)];
      await checks.rewrite();
      await memories.rewrite();
      await cutOffs.rewrite();
      return written.find((each) => !each.ok) ?? ok(undefined);
    },
    async close() {
      schedules.close();
      await errands.drain();
      await checks.settled();
      await runner.drain();
      await board.close();
      await book.flush();
      await journal.close();
      await cache.close();
      tellClosed();
    },
  };
}
