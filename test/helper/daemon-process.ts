import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { eventually } from './eventually.ts';
import { waitFor } from './waits.ts';

/** One line of the daemon's JSON log. */
interface DaemonLine {
  readonly event: string;
  readonly level: string;
  readonly message: string;
  readonly reason?: string;
  readonly changes?: readonly { readonly name: string; readonly action: string }[];
  readonly waiting?: readonly string[];
  readonly [field: string]: unknown;
}

export interface DaemonProcess {
  readonly pid: number;
  /** Everything it has logged so far. */
  readonly lines: readonly DaemonLine[];
  /** Waits for its end; gives its exit code, `null`: ended by a signal. */
  ended(): Promise<number | null>;
  /** The first line of this event, from line number `from` on, in which all these fields are so. */
  logged(event: string, fields?: Readonly<Record<string, unknown>>, from?: number): Promise<DaemonLine>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves when the daemon answers on its socket: what the manifests say is in force. */
export async function followDaemon(
  child: ChildProcess & { readonly pid: number },
  stateDirectory: string,
): Promise<DaemonProcess> {
  const lines: DaemonLine[] = [];
  const other: string[] = [];
  let exitCode: number | null | undefined;
  const exited = once(child, 'exit').then(([code]: unknown[]) => {
    exitCode = typeof code === 'number' ? code : null;
    return exitCode;
  });
  if (child.stderr === null) throw new Error('The log of the daemon goes nowhere');
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('{')) lines.push(JSON.parse(line) as DaemonLine);
    else other.push(line);
  });
  child.stdout?.resume();

  /** Fails early once the daemon is gone: nothing more will be said. */
  function whileAlive<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
    return eventually(what, async () => {
      const ended = exitCode;
      const found = await look();
      if (found !== null || ended === undefined) return found;
      throw new Error(`The daemon ended (${ended}) before: ${what}\n${told()}`);
    });
  }

  const told = () => [...other, ...lines.map(({ message }) => message)].slice(-30).join('\n');
  await whileAlive('the daemon answers', async () => ((await isServing(stateDirectory)) ? true : null));
  return {
    pid: child.pid,
    lines,
    ended: () => waitFor(() => `the end of the daemon; its last lines:\n${told()}`, exited),
    logged: (event, fields = {}, from = 0) =>
      whileAlive(`${event} ${JSON.stringify(fields)}`, () => {
        const wanted = Object.entries(fields);
        const found = lines.slice(from).find((line) => {
          return line.event === event && wanted.every(([name, value]) => isDeepStrictEqual(line[name], value));
        });
        return found ?? null;
      }),
    signal: (signal) => child.kill(signal),
    stop() {
      child.kill('SIGTERM');
      return waitFor(() => `the end of the daemon after SIGTERM; its last lines:\n${told()}`, exited);
    },
  };
}

/** While it starts it answers 503; asking it to end a run that there is not does nothing. */
function isServing(stateDirectory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socketPath = join(stateDirectory, 'daemon.sock');
    const asking = request({ socketPath, method: 'POST', path: '/v1/tasks/none/abort' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asking.on('error', () => resolve(false));
    asking.end();
  });
}
