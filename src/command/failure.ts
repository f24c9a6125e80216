import type { ExitCode } from './exit-code.ts';

/** Why a command could not do what it was asked: a sentence for people, and how it ends. */
export interface Failure {
  readonly message: string;
  readonly exitCode: ExitCode;
}
