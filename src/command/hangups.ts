import type { Shell } from './shell.ts';

/** Wishes that something be read again, told by SIGHUP, which ends a process that does not listen for it. */
export interface Hangups extends Disposable {
  /** Called at each signal from now on, and at once if one has come before. */
  onSignal(action: () => void): void;
}

export function listenForHangups(shell: Shell): Hangups {
  let received = false;
  let act = (): void => {};
  const end = shell.onSignal('SIGHUP', () => {
    received = true;
    act();
  });
  return {
    onSignal(action) {
      act = action;
      if (received) action();
    },
    [Symbol.dispose]: end,
  };
}
