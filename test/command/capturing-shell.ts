import { runProgram } from '../../src/command/program.ts';
import type { Shell, Signal } from '../../src/command/shell.ts';
import { createTerminal, type OutputStream } from '../../src/report/terminal.ts';

export interface CapturingShell {
  readonly shell: Shell;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** As if the process had got it. */
  signal(signal: Signal): void;
  /** How many listeners there are for signals. */
  readonly listeners: () => number;
  /** Calls back with each text that is written to standard error. */
  onNote(listener: (text: string) => void): void;
}

export function capturingShell(workingDirectory: string, environment: NodeJS.ProcessEnv = process.env): CapturingShell {
  const texts = { stdout: '', stderr: '' };
  const listeners = new Map<() => void, Signal>();
  const noteListeners: ((text: string) => void)[] = [];
  const stream = (name: 'stdout' | 'stderr'): OutputStream => ({
    isTTY: false,
    write(text) {
      texts[name] += text;
      if (name === 'stderr') for (const listener of noteListeners) listener(text);
      return true;
    },
    on: () => undefined,
  });
  return {
    shell: {
      terminal: createTerminal({ stdout: stream('stdout'), stderr: stream('stderr'), environment: {} }),
      environment,
      workingDirectory,
      readInput: async () => '',
      ask: async () => null,
      onSignal(signal, listener) {
        listeners.set(listener, signal);
        return () => listeners.delete(listener);
      },
    },
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    signal(signal) {
      for (const [listener, wanted] of [...listeners]) if (wanted === signal) listener();
    },
    listeners: () => listeners.size,
    onNote: (listener) => noteListeners.push(listener),
  };
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line, from its first word to its exit code. */
export async function cloudsync(...parameters: readonly string[]): Promise<CommandResult> {
  const captured = capturingShell(process.cwd());
  const exitCode = await runProgram(parameters, captured.shell);
  return { exitCode, stdout: captured.stdout(), stderr: captured.stderr() };
}
