import { text } from 'node:stream/consumers';
import { createTerminal } from '../report/terminal.ts';
import type { Shell } from './shell.ts';

/** The shell of this process. */
export function processShell(): Shell {
  const { stdout, stderr, env: environment } = process;
  return {
    terminal: createTerminal({ stdout, stderr, environment }),
    environment,
    workingDirectory: process.cwd(),
    readInput: () => text(process.stdin),
    onSignal(signal, listener) {
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
  };
}
