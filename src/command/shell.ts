import type { Terminal } from '../report/terminal.ts';

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What a command has of the world around it; tests hand in their own. */
export interface Shell {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory: string;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Asks the person at the terminal; `null`: they gave no answer. To be called where the terminal is interactive. */
  ask(question: string): Promise<string | null>;
  /** The result ends it. */
  onSignal(signal: Signal, listener: () => void): () => void;
}
