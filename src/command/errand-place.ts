import { createBinaryInspection } from '../daemon/binary-inspection.ts';
import { connect } from '../daemon/control-client.ts';
import { createControlHandlers, noPasses } from '../daemon/control-handlers.ts';
import { createErrands, type Errands } from '../daemon/errands.ts';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { openSession } from '../daemon/session.ts';
import type { Settings } from '../daemon/settings.ts';
import { systemClock } from '../model/clock.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { createErrandRunner } from '../run/errand-runner.ts';
import { createLocks } from '../run/locks.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { readManifests } from './desired-task.ts';
import { warningPrinter } from './event-printer.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Shell } from './shell.ts';

export interface ErrandFailure {
  readonly message: string;
  readonly exitCode: ExitCode;
}

export interface ErrandWish {
  readonly task: string;
  /** What only looks needs no state directory, and makes none. */
  readonly onlyLooks: boolean;
}

type Act<T> = (errands: Errands) => Promise<Result<T, string>>;

/**
 * Does something about one task where its locks are: in the process that holds the state, for the task as it was
 * applied; without one, this process holds the state meanwhile, for the task as its manifest says now.
 */
export async function doErrand<T>(
  wish: ErrandWish,
  settings: Settings,
  shell: Shell,
  act: Act<T>,
): Promise<Result<T, ErrandFailure>> {
  const client = await connect(settings.stateDirectory);
  if (client !== null) return failingWith(await act(client.errands));
  const found = await readManifests(settings, shell, wish.task);
  if (!found.ok) return failingWith(found);
  const { task, snapshot } = found.value;
  if (!wish.onlyLooks) return doHoldingState(settings, shell, snapshot, act);
  const runner = createErrandRunner({
    tools: {
      confinement: settings,
      inspectBinary: createBinaryInspection(settings.rclone, shell.environment),
      findProvider: createProviderSearch(settings, shell.environment).find,
      ...{ environment: shell.environment, state: stateDirectory(settings.stateDirectory), clock: systemClock },
    },
    ...{ locks: createLocks(), maxConcurrentChecks: 1, emit: () => {} },
  });
  return failingWith(await act(createErrands(runner, () => task)));
}

async function doHoldingState<T>(
  settings: Settings,
  shell: Shell,
  snapshot: Snapshot,
  act: Act<T>,
): Promise<Result<T, ErrandFailure>> {
  const options = { settings, clock: systemClock, environment: shell.environment, emit: warningPrinter(shell) };
  const session = await openSession(options, 'run');
  if (!session.ok) {
    const { kind, message } = session.error;
    return err({ message, exitCode: kind === 'held' ? exitCodes.noDaemon : exitCodes.failed });
  }
  const { engine } = session.value;
  try {
    const desired = await engine.read(snapshot);
    const task = (wanted: string) => desired.tasks.get(wanted);
    const passes = noPasses('this process applies nothing');
    session.value.serve(createControlHandlers({ engine, task, passes }));
    return failingWith(await act(createErrands(engine.errands, task)));
  } finally {
    await session.value.close();
  }
}

function failingWith<T>(done: Result<T, string>): Result<T, ErrandFailure> {
  return done.ok ? ok(done.value) : err({ message: done.error, exitCode: exitCodes.failed });
}
