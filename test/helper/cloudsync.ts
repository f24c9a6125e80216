import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type DaemonProcess, followDaemon } from './daemon-process.ts';
import { kill, processesAtHome } from './process-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';
import { waitFor } from './waits.ts';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunningCommand {
  readonly pid: number;
  readonly finished: Promise<Finished>;
}

/** The built program in a directory of its own, with `tasks.d`, and an environment that knows nothing of ours. */
export interface Cloudsync extends AsyncDisposable {
  readonly directory: TemporaryDirectory;
  readonly tasks: string;
  readonly state: string;
  /** Added to the environment of what is started from now on. */
  readonly environment: Record<string, string>;
  /** Writes a manifest into the tasks directory, from its text or its content. */
  manifest(path: string, content: string | object): Promise<string>;
  run(...parameters: readonly string[]): Promise<Finished>;
  /** The same, with its standard output read as JSON. */
  json<T>(...parameters: readonly string[]): Promise<Finished & { readonly document: T }>;
  /** Starts a command without waiting for its end; `before` is a command that starts it. */
  start(parameters: readonly string[], before?: readonly string[]): RunningCommand;
  daemon(...parameters: readonly string[]): Promise<DaemonProcess>;
  /** The same, started by a command that becomes it. */
  daemonWithin(before: readonly string[], ...parameters: readonly string[]): Promise<DaemonProcess>;
}

/** For `await using cloudsync = await openCloudsync()`: all it started is gone at the end of the scope. */
export async function openCloudsync(): Promise<Cloudsync> {
  const directory = await temporaryDirectory();
  const children = new Set<ChildProcess>();
  const { PATH = '', TMPDIR = '/tmp', CLOUDSYNC_RCLONE } = process.env;
  const environment: Record<string, string> = {
    // Whether a manifest stays gone is a matter of seconds that no test has to wait for.
    ...{ PATH, TMPDIR, HOME: directory.path, TZ: 'UTC', CLOUDSYNC_PRUNE_GRACE: '0.2' },
    // By default root has its state below /var/lib; the first of these two is for root, the other for anybody else.
    ...{ STATE_DIRECTORY: directory.at('state'), XDG_STATE_HOME: directory.at('xdg-state') },
    ...(CLOUDSYNC_RCLONE === undefined ? {} : { CLOUDSYNC_RCLONE }),
  };

  function spawnProgram(parameters: readonly string[], before: readonly string[] = []): ChildProcess & { pid: number } {
    const [command = process.execPath, ...words] = [...before, process.execPath, program, ...parameters];
    const child = spawn(command, words, { cwd: directory.path, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid === undefined) throw new Error(`${command} could not be started`);
    children.add(child);
    child.once('exit', () => children.delete(child));
    return Object.assign(child, { pid: child.pid });
  }

  function start(parameters: readonly string[], before?: readonly string[]): RunningCommand {
    const child = spawnProgram(parameters, before);
    return { pid: child.pid, finished: waitFor(`the end of cloudsync ${parameters.join(' ')}`, finish(child)) };
  }

  function daemonWithin(before: readonly string[], ...parameters: readonly string[]): Promise<DaemonProcess> {
    const { CLOUDSYNC_STATE_DIR = directory.at('state') } = environment;
    return followDaemon(spawnProgram(['daemon', '--log-format', 'json', ...parameters], before), CLOUDSYNC_STATE_DIR);
  }

  const run = (...parameters: readonly string[]) => start(parameters).finished;
  await directory.write('tasks.d/.gitkeep', '');
  // The far side of the usual credential, and what the local paths of tasks are in.
  await mkdir(directory.at('cloud'));
  await mkdir(directory.at('local'));
  return {
    ...{ directory, environment, run, start },
    ...{ tasks: directory.at('tasks.d'), state: directory.at('state') },
    manifest: (path, content) =>
      directory.write(join('tasks.d', path), typeof content === 'string' ? content : stringify(content)),
    async json(...parameters) {
      const finished = await run('-o', 'json', ...parameters);
      return { ...finished, document: parse(finished) };
    },
    daemon: (...parameters) => daemonWithin([], ...parameters),
    daemonWithin,
    async [Symbol.asyncDispose]() {
      await endAll([...children], directory.path);
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function finish(child: ChildProcess): Promise<Finished> {
  const [stdout, stderr] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null,
  ]);
  return { exitCode: child.exitCode, stdout, stderr };
}

/** What a test expects to be JSON and is not would otherwise fail without a word of what it was. */
function parse<T>({ exitCode, stdout, stderr }: Finished): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`Expected JSON, found (exit ${exitCode}): ${stdout}${stderr}`);
  }
}

/**
 * Each run is in a process group of its own, so that ending the program alone would leave rclone behind; and a program
 * that sees its rclone end may start another, so it is stopped first. Orphans of a program that died know their home.
 */
async function endAll(children: readonly ChildProcess[], home: string): Promise<void> {
  const alive = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const exits = alive.map((child) => once(child, 'exit'));
  for (const { pid } of alive) if (pid !== undefined) kill(pid, 'SIGSTOP');
  for (const pid of processesAtHome(home)) kill(pid);
  for (const { pid } of alive) if (pid !== undefined) kill(pid);
  await waitFor('the end of what the test started', Promise.all(exits));
}
