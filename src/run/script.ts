import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../model/clock.ts';
import { systemWords } from '../model/system-error.ts';
import { startChild } from '../rclone/child-process.ts';

export type ScriptKind = 'pre-script' | 'post-script' | 'finally-script';

export interface ScriptOrder {
  readonly kind: ScriptKind;
  readonly text: string;
  /** Where the text may be written for its interpreter; nothing in there needs to be executable. */
  readonly directory: string;
  /** Without secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

export type ScriptEnd =
  | { readonly kind: 'succeeded' }
  /** Exit code 75, `EX_TEMPFAIL` of sysexits.h: not this time. */
  | { readonly kind: 'skip' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'timedOut'; readonly message: string }
  | { readonly kind: 'aborted' };

const skipCode = 75;

/**
 * Runs a script by `bash`, or by what its first line names. It is read by its interpreter and never executed itself, so
 * that it also runs where programs may not be executed.
 */
export async function runScript(order: ScriptOrder): Promise<ScriptEnd> {
  const { kind, directory, environment, signal, onLine } = order;
  if (signal.aborted) return { kind: 'aborted' };
  // Of two scripts that begin in the same moment, each has a file of its own.
  const file = join(directory, `${kind}-${randomUUID()}`);
  const text = order.text.trimStart();
  const written = await writeScript(directory, file, text);
  if (written !== null)
    return { kind: 'failed', message: `the ${kind} could not be written in ${directory}: ${written}` };

  const [interpreter = 'bash', ...before] = interpreterOf(text);
  let lastWords = '';
  const hear = (line: string) => {
    if (line.trim() !== '') lastWords = line.trim();
    onLine(line);
  };
  const child = await startChild({
    command: interpreter,
    arguments: [...before, file],
    environment,
    input: null,
    onOutputLine: hear,
    onErrorLine: hear,
  });
  let late = false;
  const cancelTimeout = order.clock.setTimer(() => {
    late = true;
    child.stop();
  }, order.timeoutMs);
  signal.addEventListener('abort', child.stop, { once: true });
  if (signal.aborted) child.stop();

  const exit = await child.finished;
  cancelTimeout();
  signal.removeEventListener('abort', child.stop);
  await removeScript(file);
  if (exit.spawnCode !== null) {
    return { kind: 'failed', message: `the ${kind} could not be started by ${interpreter} (${exit.spawnCode})` };
  }
  if (exit.exitCode === 0) return { kind: 'succeeded' };
  if (late) {
    return { kind: 'timedOut', message: `the ${kind} took longer than ${order.timeoutMs / 1000} s and was stopped` };
  }
  if (signal.aborted) return { kind: 'aborted' };
  if (exit.exitCode === skipCode) return { kind: 'skip' };
  const how = exit.exitCode === null ? `was ended by ${exit.signal}` : `failed with ${exitCodeText(exit.exitCode)}`;
  return { kind: 'failed', message: `the ${kind} ${how}${lastWords === '' ? '' : `: ${shortened(lastWords)}`}` };
}

/** A shell reports a command that a signal has ended as 128 and the number of the signal. */
function exitCodeText(code: number): string {
  const [name] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? [];
  if (name === undefined) return `exit code ${code}`;
  const cause = name === 'SIGKILL' ? ', as the system does when memory runs out' : '';
  return `exit code ${code}, a command was ended by ${name}${cause}`;
}

/** One sentence in a status; the whole output is in the log of the run. */
function shortened(line: string): string {
  const plain = line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}

/** As the kernel reads a first line: the interpreter, and all the rest as one argument. */
export function interpreterOf(text: string): readonly string[] {
  const line = /^#![ \t]*(\S+)[ \t]*(.*?)[ \t\r]*$/m.exec(text.startsWith('#!') ? (text.split('\n')[0] ?? '') : '');
  if (line === null) return ['bash'];
  const [, interpreter = 'bash', argument = ''] = line;
  return argument === '' ? [interpreter] : [interpreter, argument];
}

/** Gives what is in the way, or `null`. */
async function writeScript(directory: string, file: string, text: string): Promise<string | null> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    return null;
  } catch (error) {
    return systemWords(error);
  }
}

/** A text that stays behind does no harm, and is no reason to call its run a failure. */
async function removeScript(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}
