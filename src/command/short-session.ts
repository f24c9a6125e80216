import { type ControlHandlers, createControlHandlers, noPasses } from '../daemon/control-handlers.ts';
import { openSession, type Session, type SessionFailure } from '../daemon/session.ts';
import type { Settings } from '../daemon/settings.ts';
import { systemClock } from '../model/clock.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { whyMissing } from './desired-task.ts';
import { warningPrinter } from './event-printer.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** Does something while this process holds the state directory, where no daemon does. */
export async function holdingState<T>(
  settings: Settings,
  shell: Shell,
  command: 'apply' | 'run',
  act: (session: Session) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const options = { settings, clock: systemClock, environment: shell.environment, emit: warningPrinter(shell) };
  const session = await openSession(options, command);
  if (!session.ok) return err({ message: session.error.message, exitCode: exitCodeOfSession(session.error) });
  try {
    return await act(session.value);
  } finally {
    await session.value.close();
  }
}

/** The same for the tasks as a snapshot has them; who asks over the socket meanwhile is told of them too. */
export function holdingTasks<T>(
  settings: Settings,
  shell: Shell,
  snapshot: Snapshot,
  act: (handlers: ControlHandlers) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  return holdingState(settings, shell, 'run', async ({ engine, serve }) => {
    let desired = await engine.read(snapshot);
    // Others may ask for a run long after this process began, and a manifest that was edited meanwhile means the new text.
    async function refresh(): Promise<Result<void, string>> {
      const again = await takeSnapshot({ directory: settings.tasksName, previous: null });
      if (!again.ok) return err(again.error.message);
      desired = await engine.read(again.value);
      return ok(undefined);
    }
    const handlers = createControlHandlers({
      engine,
      task: (name) => desired.tasks.get(name),
      passes: noPasses('this process works on one task and applies nothing'),
      manifests: { refresh, whyMissing: (name) => whyMissing(desired, name) },
    });
    serve(handlers);
    return act(handlers);
  });
}

export function exitCodeOfSession({ kind }: SessionFailure): ExitCode {
  return kind === 'held' ? exitCodes.noDaemon : exitCodes.failed;
}
