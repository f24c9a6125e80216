import type { Clock } from '../model/clock.ts';
import { ok, type Result } from '../model/result.ts';
import type { DaemonReport } from './daemon-report.ts';
import type { Engine } from './engine.ts';
import type { Guarded } from './listen-guard.ts';
import { openListener } from './listener.ts';
import { createMetrics } from './metrics.ts';

interface ListeningOptions {
  /** `null`: nothing listens. */
  readonly listen: Guarded | null;
  readonly engine: Engine;
  readonly report: DaemonReport;
  readonly clock: Clock;
  /** Asks for a pass. */
  readonly reconcile: () => void;
}

/** Lets the world see how a daemon is, if it is to, until that has done all its work. */
export async function startListening(options: ListeningOptions): Promise<Result<void, string>> {
  const { listen, engine, clock, reconcile } = options;
  if (listen === null) return ok(undefined);
  const metrics = await createMetrics({ tasks: engine.board.tasks, daemon: options.report.status, now: clock.now });
  engine.subscribe(metrics.note);
  let told = '';

  /** Whoever asks again and again does not fill the log. */
  function report(detail: string): void {
    if (detail !== told) engine.emit({ type: 'ListenTrouble', detail });
    told = detail;
  }

  const listener = await openListener({
    ...listen,
    onListening: (address) => engine.emit({ type: 'Listening', address }),
    outlook: {
      metrics,
      report,
      unready: () => unready(engine, options.report),
      reconcile(revision) {
        if (options.report.status().stopping) return false;
        engine.emit({ type: 'ReconcileAsked', revision });
        reconcile();
        return true;
      },
    },
  });
  if (!listener.ok) return listener;
  // Before the state is released, to a daemon that may want the same port.
  void engine.closed.then(listener.value.close);
  return ok(undefined);
}

function unready({ schedules }: Engine, report: DaemonReport): string | null {
  const { stopping, snapshot, unavailable } = report.status();
  if (stopping) return 'the daemon is stopping';
  if (snapshot === null)
    return unavailable === null
      ? 'the tasks directory has not been read yet'
      : `the tasks directory cannot be read (${unavailable.reason})`;
  if (snapshot.failure !== null) return 'the state directory cannot be written';
  return schedules.firing ? null : 'the scheduler does not run';
}
