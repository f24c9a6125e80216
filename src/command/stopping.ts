import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Shell } from './shell.ts';

/** A wish to stop, told by SIGINT or SIGTERM. */
export interface Stopping extends Disposable {
  /** Settles when a signal has come. */
  readonly signalled: Promise<null>;
  /** Called at each signal: the second one means that the first was not enough. */
  onSignal(action: (signal: 'SIGINT' | 'SIGTERM') => void): void;
  /** By convention 128 and the signal's number; `null`: there was none. */
  exitCode(): ExitCode | null;
}

export function stopOnSignal(shell: Shell): Stopping {
  const actions: ((signal: 'SIGINT' | 'SIGTERM') => void)[] = [];
  let received: ExitCode | null = null;
  let settle: (value: null) => void = () => {};
  const signalled = new Promise<null>((resolve) => {
    settle = resolve;
  });

  function take(signal: 'SIGINT' | 'SIGTERM'): void {
    received ??= signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
    settle(null);
    for (const action of actions) action(signal);
  }

  const ends = (['SIGINT', 'SIGTERM'] as const).map((signal) => shell.onSignal(signal, () => take(signal)));
  return {
    signalled,
    onSignal: (action) => actions.push(action),
    exitCode: () => received,
    [Symbol.dispose]() {
      for (const end of ends) end();
    },
  };
}
