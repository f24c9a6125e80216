import { closeSync, constants, openSync } from 'node:fs';
import { chmod, lstat, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { removeLeftovers, writeAtomically } from './atomic-write.ts';
import { describeHolder, holderPath } from './holder.ts';
import { withMutex } from './mutex-file.ts';
import { foldersOf, type StateDirectory } from './state-directory.ts';

/** The right to write a state directory, held by listening on its socket. */
export interface Ownership {
  /** Whether who connects to the socket there is connected with us. */
  isHeld(): Promise<boolean>;
  /**
   * Has the directory again after it was made anew. Who talks to the owner is not interrupted. Fails where somebody
   * else was faster.
   */
  renew(): Promise<Result<void, OwnershipFailure>>;
  /** Ends every connection, and the right with them. */
  release(): Promise<void>;
}

/** `held`: someone else has it. `failed`: it cannot be had at all. Both are told in a sentence for people. */
export interface OwnershipFailure {
  readonly kind: 'held' | 'failed';
  readonly message: string;
}

/** An address for a Unix socket. */
export interface SocketPath {
  readonly path: string;
  /** To be called when the connection has been made or has failed. */
  close(): void;
}

/** The kernel keeps 108 bytes for the path of a socket, with a zero at the end; others keep as few as 104. */
const maxPathBytes = 100;
const answerTimeoutMs = 2_000;

/**
 * Makes `server` listen on the control socket, which only one process can. A socket whose process has died refuses
 * connections, and is replaced. The socket lies in the file system, so that this holds between containers too.
 */
export async function acquireOwnership(
  state: StateDirectory,
  server: Server,
): Promise<Result<Ownership, OwnershipFailure>> {
  const taken = await take(state, server);
  if (!taken.ok) return taken;
  let address = taken.value;
  // What the last owner left when it was killed.
  await Promise.all([state.path, ...foldersOf(state)].map(removeLeftovers));
  await rm(state.scripts, { recursive: true, force: true }).catch(() => undefined);
  return ok({
    isHeld: () => leadsTo(server, state),
    async renew() {
      const held = await heldByOther(state);
      if (held !== null) return err(held);
      server.close();
      address.close();
      const again = await take(state, server);
      if (!again.ok) return again;
      address = again.value;
      return ok(undefined);
    },
    async release() {
      await rm(holderPath(state.path), { force: true }).catch(() => undefined);
      await stopListening(server);
      address.close();
    },
  });
}

/** Gives the address at which the server listens from now on. */
async function take(state: StateDirectory, server: Server): Promise<Result<SocketPath, OwnershipFailure>> {
  const address = connectPath(state.path);
  try {
    if (!(await listen(server, address.path))) {
      const taken = await withMutex(join(state.path, 'daemon.lock'), () => replaceStale(state, server, address.path));
      if (!taken) {
        const message = await describeHolder(state.path, address.path);
        address.close();
        return err({ kind: 'held', message });
      }
    }
    await chmod(join(state.path, 'daemon.sock'), 0o600);
    await rm(holderPath(state.path), { force: true });
    await writeAtomically(holderPath(state.path), `${process.pid}\n`);
  } catch (error) {
    if (server.listening) await stopListening(server);
    address.close();
    return err({ kind: 'failed', message: explain(state.path, error) });
  }
  return ok(address);
}

function leadsTo(server: Server, state: StateDirectory): Promise<boolean> {
  const address = connectPath(state.path);
  return new Promise((settle) => {
    const socket = connect(address.path);
    function end(isOurs: boolean): void {
      server.off('connection', accepted);
      socket.destroy();
      address.close();
      settle(isOurs);
    }
    const accepted = () => end(true);
    server.once('connection', accepted);
    socket.once('error', () => end(false));
    socket.setTimeout(answerTimeoutMs, () => end(false));
  });
}

/** Asked before a server stops listening, which removes whatever socket lies at its path. */
async function heldByOther(state: StateDirectory): Promise<OwnershipFailure | null> {
  const address = connectPath(state.path);
  try {
    if (!(await isAnswered(address.path))) return null;
    return { kind: 'held', message: await describeHolder(state.path, address.path) };
  } catch (error) {
    return { kind: 'failed', message: explain(state.path, error) };
  } finally {
    address.close();
  }
}

/**
 * Where the control socket is, for `connect`. A path that is too long for the kernel is shortened through an open
 * directory, on Linux; one that cannot be opened is left as it is, so that using it fails with the reason.
 */
export function connectPath(directory: string): SocketPath {
  const path = join(resolve(directory), 'daemon.sock');
  if (Buffer.byteLength(path) <= maxPathBytes || process.platform !== 'linux') return { path, close: () => undefined };
  try {
    const descriptor = openSync(resolve(directory), constants.O_RDONLY | constants.O_DIRECTORY);
    return { path: `/proc/self/fd/${descriptor}/daemon.sock`, close: closeOnce(descriptor) };
  } catch {
    return { path, close: () => undefined };
  }
}

/** Within the mutex, so that nobody removes the socket that another has just made. */
async function replaceStale(state: StateDirectory, server: Server, path: string): Promise<boolean> {
  if (await isAnswered(path)) return false;
  const socket = join(state.path, 'daemon.sock');
  const stats = await lstat(socket).catch(() => null);
  if (stats !== null && !stats.isSocket()) throw new Error(`${socket} is not a socket`);
  await rm(socket, { force: true });
  return listen(server, path);
}

/** False when the address is taken. */
function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((settle, reject) => {
    function failed(error: Error): void {
      server.off('listening', listening);
      if (errorCode(error) === 'EADDRINUSE') settle(false);
      else reject(error);
    }
    function listening(): void {
      server.off('error', failed);
      settle(true);
    }
    server.once('error', failed);
    server.once('listening', listening);
    server.listen(path);
  });
}

/** Only a refusal proves that nobody is there: a busy process may well keep us waiting. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((settle, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', (error) => {
      const code = errorCode(error);
      if (code === 'ECONNREFUSED' || code === 'ENOENT') settle(false);
      else if (code === 'EAGAIN') settle(true);
      else reject(error);
    });
  });
}

function stopListening(server: Server): Promise<void> {
  return new Promise((settle) => {
    server.close(() => settle());
    server.closeAllConnections();
  });
}

/** A descriptor's number is given away again, so closing it twice would close someone else's. */
function closeOnce(descriptor: number): () => void {
  let isOpen = true;
  return () => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
}

function explain(directory: string, error: unknown): string {
  const advice = 'Use a directory on a local disk with a shorter path, by --state-dir.';
  return `The control socket in ${directory} cannot be made: ${systemWords(error)}. ${advice}`;
}
