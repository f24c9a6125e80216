import { text } from 'node:stream/consumers';
import { err, ok, type Result } from '../model/result.ts';
import { createTerminal } from '../report/terminal.ts';
import type { Shell } from './shell.ts';

/** The shell of this process. The error is a sentence: there is no directory to work in. */
export function processShell(): Result<Shell, string> {
  const { stdout, stderr, env: environment } = process;
  const workingDirectory = currentDirectory();
  if (workingDirectory === null) return err('the directory that you are in is gone; change to another one');
  return ok({
    terminal: createTerminal({ stdout, stderr, environment }),
    environment,
    workingDirectory,
    readInput: () => text(process.stdin),
    onSignal(signal, listener) {
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
  });
}

function currentDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
