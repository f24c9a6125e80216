import type { Readable } from 'node:stream';
import { createLineSplitter } from './lines.ts';

export interface ChildOrder {
  /** A path, or a name to look for on the `PATH` of `environment`. */
  readonly command: string;
  readonly arguments: readonly string[];
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** For standard input; `null`: it is closed. */
  readonly input: string | null;
  /** Called for each line of standard error that is not empty. */
  readonly onErrorLine: (line: string) => void;
  /** The same for standard output; when left out, its start is kept for the exit. */
  readonly onOutputLine?: (line: string) => void;
  /** From SIGTERM to SIGKILL; 30 s when left out. */
  readonly graceMs?: number;
}

export interface Child {
  /** Also the id of its process group; `null`: it could not be started. */
  readonly pid: number | null;
  /** Settles when the process is gone and all it wrote has been read. Never rejects for what the process does. */
  readonly finished: Promise<ChildExit>;
  /** Asks the whole process group to end, and kills it after the grace. Returns at once; a second call does nothing. */
  stop(): void;
}

export interface ChildExit {
  /** `null`: not started, or ended by a signal that it did not handle. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The system's code, such as `ENOENT`, when it could not be started. */
  readonly spawnCode: string | null;
  /** The start of standard output, at most 8 MiB. */
  readonly stdout: string;
}

const defaultGraceMs = 30_000;
/** `rclone config providers` writes close to 1 MiB, and more with each version. */
const maxStdoutLength = 8 * 1024 * 1024;

/** Starts a program in a process group of its own. That it cannot be started is told by `finished`. */
export async function startChild(order: ChildOrder): Promise<Child> {
  // Loading it takes longer than starting most programs, and most commands start none.
  const { execa } = await import('execa');
  const child = execa(order.command, order.arguments, {
    env: order.environment,
    extendEnv: false,
    // A group of its own, so that a stop reaches what it starts itself, and Ctrl-C only reaches us.
    detached: true,
    buffer: false,
    reject: false,
    ...(order.input === null ? { stdin: 'ignore' } : { input: order.input }),
  });

  let ended = false;
  let killTimer: NodeJS.Timeout | undefined;
  const pid = child.pid ?? null;

  async function finish(): Promise<ChildExit> {
    const [result, stdout] = await Promise.all([
      child,
      order.onOutputLine === undefined ? readStart(child.stdout) : readLines(child.stdout, order.onOutputLine),
      readLines(child.stderr, order.onErrorLine),
    ]);
    ended = true;
    clearTimeout(killTimer);
    // It went when it was asked to, and what it had started may not have.
    if (pid !== null && killTimer !== undefined) signalGroup(pid, 'SIGKILL');
    const spawnCode = pid === null ? (result.code ?? 'unknown reason') : null;
    return { exitCode: result.exitCode ?? null, signal: result.signal ?? null, spawnCode, stdout };
  }

  return {
    pid,
    finished: finish(),
    stop() {
      if (pid === null || ended || killTimer !== undefined) return;
      signalGroup(pid, 'SIGTERM');
      killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), order.graceMs ?? defaultGraceMs);
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: it went by itself in this moment.
  }
}

/** Reads to the end, so that the program never waits for a reader, and keeps the start. */
async function readStart(stream: Readable): Promise<string> {
  let text = '';
  await readText(stream, (part) => {
    text += part.slice(0, maxStdoutLength - text.length);
  });
  return text;
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<string> {
  const lines = createLineSplitter(onLine);
  await readText(stream, lines.write);
  lines.end();
  return '';
}

async function readText(stream: Readable, onText: (text: string) => void): Promise<void> {
  stream.setEncoding('utf8');
  stream.on('data', onText);
  // `error` and `close` both end it: what happened to the process is told by its exit.
  await new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
}
