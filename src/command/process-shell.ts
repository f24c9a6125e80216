import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { err, ok, type Result } from '../model/result.ts';
import { createTerminal } from '../report/terminal.ts';
import type { Shell } from './shell.ts';

/** The shell of this process. The error is a sentence: there is no directory to work in. */
export function processShell(): Result<Shell, string> {
  const { stdin, stdout, stderr, env: environment } = process;
  const workingDirectory = currentDirectory();
  if (workingDirectory === null) return err('the directory that you are in is gone; change to another one');
  return ok({
    terminal: createTerminal({ stdin, stdout, stderr, environment }),
    environment,
    workingDirectory,
    readInput: () => text(process.stdin),
    ask: askPerson,
    onSignal(signal, listener) {
      process.on(signal, listener);
      return () => process.off(signal, listener);
    },
  });
}

/** On standard error, as standard output is for data. Ctrl-C and Ctrl-D are no answer. */
function askPerson(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(null));
    // In raw mode Ctrl-C is a key, and no signal.
    lines.once('SIGINT', () => lines.close());
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

function currentDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
