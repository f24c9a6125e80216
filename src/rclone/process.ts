import type { Readable } from 'node:stream';
import { createLineSplitter } from './lines.ts';
import { type LogLine, parseLogLine } from './log-line.ts';

export interface RcloneOrder {
  /** A path, or a name to look for on the `PATH` of `environment`. */
  readonly binary: string;
  readonly arguments: readonly string[];
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** For standard input; `null`: it is closed. */
  readonly input: string | null;
  /** Called for each line of standard error. */
  readonly onLine: (line: LogLine, raw: string) => void;
  /** From SIGTERM to SIGKILL; 30 s when left out. */
  readonly graceMs?: number;
}

export interface RcloneProcess {
  /** Also the id of its process group; `null`: it could not be started. */
  readonly pid: number | null;
  /** Settles when the process is gone and all it wrote has been read. Never rejects for what rclone does. */
  readonly finished: Promise<RcloneExit>;
  /** Asks the whole process group to end, and kills it after the grace. Returns at once; a second call does nothing. */
  stop(): void;
}

export interface RcloneExit {
  /** `null`: not started, or ended by a signal that it did not handle. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not be started, as a sentence. */
  readonly spawnError: string | null;
  /** The start of standard output, at most 8 MiB. */
  readonly stdout: string;
}

const defaultGraceMs = 30_000;
/** `config providers` writes close to 1 MiB, and more with each version. */
const maxStdoutLength = 8 * 1024 * 1024;

/** Starts rclone in a process group of its own. That it cannot be started is told by `finished`. */
export async function startRclone(order: RcloneOrder): Promise<RcloneProcess> {
  // Loading it takes longer than starting rclone, and most commands start none.
  const { execa } = await import('execa');
  const child = execa(order.binary, order.arguments, {
    env: order.environment,
    extendEnv: false,
    // A group of its own, so that a stop reaches what rclone starts (`ssh`), and Ctrl-C only reaches us.
    detached: true,
    buffer: false,
    reject: false,
    ...(order.input === null ? { stdin: 'ignore' } : { input: order.input }),
  });

  let ended = false;
  let killTimer: NodeJS.Timeout | undefined;
  const pid = child.pid ?? null;

  async function finish(): Promise<RcloneExit> {
    const lines = createLineSplitter((line) => order.onLine(parseLogLine(line), line));
    const [result, stdout] = await Promise.all([child, readStart(child.stdout), readText(child.stderr, lines.write)]);
    ended = true;
    clearTimeout(killTimer);
    lines.end();
    const spawnError = pid === null ? describeSpawnError(order.binary, result.code) : null;
    return { exitCode: result.exitCode ?? null, signal: result.signal ?? null, spawnError, stdout };
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

/** Reads to the end, so that rclone never waits for a reader, and keeps the start. */
async function readStart(stream: Readable): Promise<string> {
  let text = '';
  await readText(stream, (part) => {
    text += part.slice(0, maxStdoutLength - text.length);
  });
  return text;
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

function describeSpawnError(binary: string, code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
      return `rclone was not found (${binary}). Install it with "apt-get install rclone", or name it by CLOUDSYNC_RCLONE.`;
    case 'EACCES':
      return `${binary} may not be executed (EACCES). Expected an executable file; check its permissions.`;
    default:
      return `${binary} could not be started (${code ?? 'unknown reason'}). Check that it is an rclone for this machine.`;
  }
}
