import { type ChildOrder, startChild } from './child-process.ts';
import { type LogLine, parseLogLine } from './log-line.ts';

export interface RcloneOrder
  extends Pick<ChildOrder, 'arguments' | 'environment' | 'input' | 'graceMs' | 'onOutputLine'> {
  /** A path, or a name to look for on the `PATH` of `environment`. */
  readonly binary: string;
  /** Called for each line of standard error. */
  readonly onLine: (line: LogLine, raw: string) => void;
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

/** Starts rclone. That it cannot be started is told by `finished`. */
export async function startRclone({ binary, onLine, ...order }: RcloneOrder): Promise<RcloneProcess> {
  const child = await startChild({
    ...order,
    command: binary,
    onErrorLine: (line) => onLine(parseLogLine(line), line),
  });
  return { pid: child.pid, stop: child.stop, finished: finish() };

  async function finish(): Promise<RcloneExit> {
    const { spawnCode, ...exit } = await child.finished;
    return { ...exit, spawnError: spawnCode === null ? null : describeSpawnError(binary, spawnCode) };
  }
}

function describeSpawnError(binary: string, code: string): string {
  switch (code) {
    case 'ENOENT':
      return `rclone was not found (${binary}). Install it with "apt-get install rclone", or name it by CLOUDSYNC_RCLONE.`;
    case 'EACCES':
      return `${binary} may not be executed (EACCES). Expected an executable file; check its permissions.`;
    default:
      return `${binary} could not be started (${code}). Check that it is an rclone for this machine.`;
  }
}
