import { ok, type Result } from '../model/result.ts';
import { type Source, type WatchOptions, watchSource } from '../source/watch.ts';
import { createControlHandlers } from './control-handlers.ts';
import type { Engine } from './engine.ts';
import { createFollower } from './follower.ts';
import type { Reconciliation } from './reconcile.ts';
import { openSession, type Session, type SessionFailure, type SessionOptions } from './session.ts';

export interface DaemonOptions extends SessionOptions {
  readonly watch: WatchOptions['mode'];
  /** How long runs in flight may go on after the daemon was asked to stop, milliseconds. */
  readonly graceMs: number;
}

export interface Daemon {
  /** Reads the directory now, and resolves when what it says is in force. */
  reconcile(): Promise<void>;
  /** Starts nothing more, lets runs in flight end within the grace, then ends them. A second call does not wait. */
  stop(signal: string): Promise<void>;
}

/** Holds the state directory, follows the tasks directory and fires schedules, until it is stopped. */
export async function startDaemon(options: DaemonOptions): Promise<Result<Daemon, SessionFailure>> {
  const { settings, emit } = options;
  const session = await openSession(options, 'daemon');
  if (!session.ok) return session;
  emit({
    ...{ type: 'DaemonStarted', pid: process.pid, version: settings.version },
    ...{ tasks: settings.tasksDirectory, state: settings.stateDirectory },
  });
  const { engine } = session.value;
  void engine.checkRclone();
  const follower = createFollower({ engine, clock: options.clock, emit });
  const source = await watchSource({
    directory: settings.tasksName,
    mode: options.watch,
    onSnapshot: follower.take,
    onDegraded: (detail) => emit({ type: 'WatchDegraded', detail }),
  });
  // Where the manifests could not be read, what was applied last goes on.
  engine.schedules.follow(engine.active());

  const reconcile = async (): Promise<Result<Reconciliation, string>> => {
    await source.reconcile();
    return follower.last();
  };
  session.value.serve(createControlHandlers({ engine, task: (name) => engine.active().get(name), reconcile }));
  return ok({ reconcile: source.reconcile, stop: createStop(options, session.value, source) });
}

function createStop({ graceMs, clock, emit }: DaemonOptions, session: Session, source: Source): Daemon['stop'] {
  let stopping: Promise<void> | null = null;
  const { engine } = session;

  async function stop(signal: string): Promise<void> {
    emit({ type: 'DaemonStopping', signal, running: engine.runner.running });
    await source.close();
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
