import type { ChildProcess } from 'node:child_process';
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
  /**
   * Settles when the process has exited and all that it wrote has been read, also where a process that it started in
   * the background lives on and holds its pipes open. Never rejects for what the process does.
   */
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

  const output =
    order.onOutputLine === undefined ? keepStart(child.stdout) : readLines(child.stdout, order.onOutputLine);
  const errors = readLines(child.stderr, order.onErrorLine);

  async function finish(): Promise<ChildExit> {
    const exit = await exitOf(child, child);
    await Promise.race([Promise.all([output.closed, errors.closed]), bothDrained([output, errors])]);
    ended = true;
    clearTimeout(killTimer);
    // The process ended when it was asked to; what it had started may not have.
    if (pid !== null && killTimer !== undefined) signalGroup(pid, 'SIGKILL');
    errors.end();
    return { ...exit, stdout: output.end() };
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

type Exit = Omit<ChildExit, 'stdout'>;

/** The exit of the process itself; execa also waits for every holder of its pipes. */
async function exitOf(child: ChildProcess, result: Promise<{ readonly code?: string | undefined }>): Promise<Exit> {
  if (child.pid === undefined) {
    const { code = 'unknown reason' } = await result;
    return { exitCode: null, signal: null, spawnCode: code };
  }
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal, spawnCode: null }));
  });
}

/** A pipe that is always read, so that who writes to it never waits and is never ended by SIGPIPE. */
interface Reader {
  /** When nobody can write to it any more. */
  readonly closed: Promise<void>;
  /** Characters read so far. */
  length(): number;
  /** Gives what was kept, and hears nothing more: what comes later is read and thrown away. */
  end(): string;
}

function keepStart(stream: Readable): Reader {
  let kept = '';
  return createReader(stream, {
    add(text) {
      kept += text.slice(0, maxStdoutLength - kept.length);
    },
    end: () => kept,
  });
}

function readLines(stream: Readable, onLine: (line: string) => void): Reader {
  const lines = createLineSplitter(onLine);
  return createReader(stream, {
    add: lines.write,
    end() {
      lines.end();
      return '';
    },
  });
}

interface TextSink {
  add(text: string): void;
  end(): string;
}

function createReader(stream: Readable, sink: TextSink): Reader {
  let length = 0;
  let isEnded = false;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    length += text.length;
    if (!isEnded) sink.add(text);
  });
  // `error` and `close` both end it: what happened to the process is told by its exit.
  const closed = new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
  return {
    closed,
    length: () => length,
    end() {
      isEnded = true;
      // A process in the background must not keep this one alive. Pipes of children are sockets.
      if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
      return sink.end();
    },
  };
}

/** What a pipe can hold when its writer exits: `F_SETPIPE_SZ` goes up to 1 MiB without privileges (pipe(7)). */
const maxPipeLength = 1024 * 1024;
/** Each turn of the event loop reads from every pipe that has something, so a few without news mean empty pipes. */
const quietTurns = 5;

/** Resolves when what lay in the pipes is read; what a process in the background adds meanwhile has no end. */
async function bothDrained(readers: readonly Reader[]): Promise<void> {
  const total = () => readers.reduce((sum, reader) => sum + reader.length(), 0);
  const start = total();
  for (let quiet = 0, before = start; quiet < quietTurns; ) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const now = total();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
    if (now - start > readers.length * maxPipeLength) return;
  }
}
