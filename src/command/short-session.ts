import { type ControlHandlers, createControlHandlers, noPasses } from '../daemon/control-handlers.ts';
import { openSession, type Session, type SessionFailure } from '../daemon/session.ts';
import type { Settings } from '../daemon/settings.ts';
import { systemClock } from '../model/clock.ts';
import { err, type Result } from '../model/result.ts';
import type { Snapshot } from '../model/snapshot.ts';
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
    const desired = await engine.read(snapshot);
    const passes = noPasses('this process works on one task and applies nothing');
    const handlers = createControlHandlers({ engine, task: (name) => desired.tasks.get(name), passes });
    serve(handlers);
    return act(handlers);
  });
}

export function exitCodeOfSession({ kind }: SessionFailure): ExitCode {
  return kind === 'held' ? exitCodes.noDaemon : exitCodes.failed;
}
