import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { eventually } from '../helper/eventually.ts';

export interface Server extends AsyncDisposable {
  /** What the pattern found in the line that said that the server is ready. */
  readonly address: string;
}

const { CLOUDSYNC_RCLONE = 'rclone', PATH = '' } = process.env;

/** Serves a directory by rclone. User and password go through the environment, where no list of processes shows them. */
export function serveByRclone(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<Server> {
  return startServer([CLOUDSYNC_RCLONE, 'serve', ...parameters, '--addr', '127.0.0.1:0'], environment, ready);
}

/** Starts a server and waits for the line, on either output, by which it says where it listens. */
export async function startServer(
  [command = '', ...parameters]: readonly string[],
  environment: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<Server> {
  const child = spawn(command, parameters, {
    env: { PATH, RCLONE_CONFIG: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  const address = new Promise<string>((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        said.push(line);
        const found = ready.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
  });
  const failed = exited.then(() => Promise.reject(new Error(`${command} ended at once:\n${said.join('\n')}`)));
  const server = { address: await Promise.race([address, failed]) };
  failed.catch(() => undefined);
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A port that was free a moment ago, for servers that cannot choose one themselves. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('Internal error: no port'));
        else resolve(address.port);
      });
    });
  });
}

/** For servers that do not say when they are ready. */
export async function untilAnswers(port: number): Promise<void> {
  await eventually(`something listens on port ${port}`, () => answers(port));
}

function answers(port: number): Promise<true | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(null));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
