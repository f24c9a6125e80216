import { err, ok, type Result } from '../model/result.ts';
import { timeZoneFault } from '../schedule/time-zone-setting.ts';
import { daemonTimeZone } from '../schedule/times.ts';
import { type Source, type WatchOptions, watchSource } from '../source/watch.ts';
import { createControlHandlers, type Passes } from './control-handlers.ts';
import { createDaemonReport } from './daemon-report.ts';
import type { Engine } from './engine.ts';
import { type ApplyMode, createFollower, type Follower } from './follower.ts';
import type { Guarded } from './listen-guard.ts';
import { startListening } from './listening.ts';
import { preview } from './preview.ts';
import type { Reconciliation } from './reconcile.ts';
import { openSession, type Session, type SessionFailure, type SessionOptions } from './session.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

export interface DaemonOptions extends SessionOptions {
  readonly watch: WatchOptions['mode'];
  readonly apply: ApplyMode;
  /** Where health, metrics and webhooks are served; `null`: nowhere. */
  readonly listen: Guarded | null;
  /** How long runs in flight may go on after the daemon was asked to stop, milliseconds. */
  readonly graceMs: number;
  /** Aborted when the daemon is to stop before it has started: it then waits for no Git, and fires nothing. */
  readonly signal?: AbortSignal;
}

export interface Daemon {
  /** Reads the directory now, and resolves when what it says is in force or, with `manual`, has been reported. */
  reconcile(): Promise<void>;
  /** Starts nothing more, lets runs in flight end within the grace, then ends them. A second call does not wait. */
  stop(signal: string): Promise<void>;
  /** Resolves, with a sentence, when another process has taken the state directory: this daemon must not go on. */
  readonly lost: Promise<string>;
  /** Ends every run and writes nothing more than how they ended; what lies in the state directory is another's. */
  abandon(): Promise<void>;
}

/** Holds the state directory, follows the tasks directory and fires schedules, until it is stopped. */
export async function startDaemon(options: DaemonOptions): Promise<Result<Daemon, SessionFailure>> {
  const { settings, clock, watch, apply: mode } = options;
  const session = await openSession({ ...options, automatic: mode === 'auto' }, 'daemon');
  if (!session.ok) return session;
  const { engine } = session.value;
  const { emit } = engine;
  const report = createDaemonReport({
    ...{ pid: process.pid, version: settings.version, apply: mode, watch, clock },
    running: () => engine.runner.running,
  });
  engine.subscribe(report.note);
  let source: Source | null = null;
  let isAskedEarly = false;
  function ask(): void {
    // The first pass is under way, and may have passed by what it is about.
    if (source === null) isAskedEarly = true;
    else void source.reconcile();
  }
  const listening = await startListening({ listen: options.listen, engine, report, clock, reconcile: ask });
  if (!listening.ok) {
    await session.value.close();
    return err({ kind: 'failed', message: listening.error });
  }
  emit({
    ...{ type: 'DaemonStarted', pid: process.pid, version: settings.version },
    ...{ tasks: settings.tasksDirectory, state: settings.stateDirectory },
    timeZone: daemonTimeZone(),
  });
  const { TZ } = options.environment;
  const zoneFault = timeZoneFault(TZ);
  if (zoneFault !== null) emit({ type: 'TimeZoneUnusable', message: zoneFault });
  if (process.pid === 1) emit({ type: 'NoInit' });
  void engine.checkRclone();
  let onLost: (message: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    onLost = resolve;
  });
  const { keepState } = session.value;
  const follower = createFollower({ engine, keepState, onLost, mode, clock, emit });
  // What could not be recorded waits for the disk, not for the next resync.
  const retries = createWorkQueue({
    ...{ atOnce: 1, clock },
    async work() {
      await source?.reconcile();
      return isRecorded(follower) ? 'done' : 'failed';
    },
  });
  source = await watchSource({
    directory: settings.tasksName,
    mode: watch,
    recalled: engine.recalled,
    async onSnapshot(reading) {
      const lookAgainMs = await follower.take(reading);
      report.took(reading, follower.last());
      if (!isRecorded(follower)) retries.addLater(pass);
      return lookAgainMs;
    },
    onDegraded: (detail) => emit({ type: 'WatchDegraded', detail }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (isAskedEarly) ask();
  // Where the manifests could not be read, what was applied last goes on.
  if (options.signal?.aborted !== true) engine.schedules.follow(engine.active());

  const passes: Passes = { ...passesOf(options, engine, source, follower), daemon: report.status };
  session.value.serve(createControlHandlers({ engine, task: (name) => engine.active().get(name), passes }));
  const watching = { source, retries };
  return ok({
    ...{ reconcile: source.reconcile, lost },
    stop: createStop(options, session.value, watching),
    abandon: () => abandon(engine, watching),
  });
}

/** Each begins with a reading that is made after it was asked for. */
function passesOf(options: DaemonOptions, engine: Engine, source: Source, follower: Follower): Omit<Passes, 'daemon'> {
  type Passed = Result<Reconciliation, string>;

  return {
    async reconcile() {
      await source.reconcile();
      return follower.last();
    },
    // Not within a pass, which would go on and apply.
    plan: () => preview({ ...options, active: engine.active(), owners: engine.owners() }),
    async apply(expected) {
      let done: Passed = err('the daemon is stopping');
      await source.reconcile(async (reading) => {
        done = await follower.apply(reading, expected);
      });
      return done;
    },
  };
}

/** The key of the only work that is tried again. */
const pass = 'pass';

function isRecorded(follower: Follower): boolean {
  const last = follower.last();
  return !last.ok || last.value.failure === null;
}

interface Watching {
  readonly source: Source;
  readonly retries: WorkQueue;
}

async function abandon(engine: Engine, { source, retries }: Watching): Promise<void> {
  await source.close();
  retries.close();
  engine.schedules.close();
  stopAll(engine);
  await Promise.all([engine.runner.drain(), engine.errands.drain()]);
}

function createStop(
  { graceMs, clock }: DaemonOptions,
  session: Session,
  { source, retries }: Watching,
): Daemon['stop'] {
  let stopping: Promise<void> | null = null;
  const { engine } = session;
  const { emit } = engine;

  async function stop(signal: string): Promise<void> {
    emit({ type: 'DaemonStopping', signal, running: engine.runner.running });
    await source.close();
    retries.close();
    engine.schedules.close();
    const cancel = clock.setTimer(() => stopAll(engine), graceMs);
    await session.close();
    cancel();
    emit({ type: 'DaemonStopped' });
  }

  return (signal) => {
    if (stopping !== null) stopAll(engine);
    stopping ??= stop(signal);
    return stopping;
  };
}

function stopAll({ runner, errands }: Engine): void {
  runner.stopAll('Interrupted');
  errands.stopAll('Interrupted');
}
