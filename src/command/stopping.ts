import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Shell } from './shell.ts';

type StopSignal = 'SIGINT' | 'SIGTERM';

const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;

/** A wish to stop, told by SIGINT or SIGTERM. */
export interface Stopping extends Disposable {
  /** Settles when a signal has come. */
  readonly signalled: Promise<null>;
  /** Called at each signal, and at once if one has come: the second means that the first was not enough. */
  onSignal(action: (signal: StopSignal) => void): void;
  /** By convention 128 and the signal's number; `null`: there was none. */
  exitCode(): ExitCode | null;
}

export function stopOnSignal(shell: Shell): Stopping {
  const actions: ((signal: StopSignal) => void)[] = [];
  let received: StopSignal | null = null;
  let settle: (value: null) => void = () => {};
  const signalled = new Promise<null>((resolve) => {
    settle = resolve;
  });

  function take(signal: StopSignal): void {
    received ??= signal;
    settle(null);
    for (const action of actions) action(signal);
  }

  const ends = (['SIGINT', 'SIGTERM'] as const).map((signal) => shell.onSignal(signal, () => take(signal)));
  return {
    signalled,
    onSignal(action) {
      actions.push(action);
      if (received !== null) action(received);
    },
    exitCode: () => (received === null ? null : codes[received]),
    [Symbol.dispose]() {
      for (const end of ends) end();
    },
  };
}
