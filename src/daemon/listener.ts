import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { refuse, refuseMalformed } from './control-answer.ts';
import { formatListenAddress, isLoopback } from './listen-address.ts';
import type { Guarded } from './listen-guard.ts';
import { listenRoutes, type Outlook } from './listen-routes.ts';
import { readListenToken } from './listen-token.ts';
import { findRoute } from './route.ts';

/** What others may ask over the network. */
export interface Listener {
  close(): Promise<void>;
}

interface ListenerOptions extends Guarded {
  readonly outlook: Outlook;
  /** Where it can be reached; the port is known only now. */
  readonly onListening: (address: string) => void;
}

/** Against those who open connections and say little: a request has to be there in time, and is small. */
const patience = {
  ...{ headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 2_000 },
};
const maxHeaderSize = 8 * 1024;
const maxConnections = 256;
/** Webhooks tell what happened; nobody here reads it. */
const maxBodyBytes = 1024 * 1024;

/** The error is a sentence for people. */
export async function openListener(options: ListenerOptions, times = patience): Promise<Result<Listener, string>> {
  const { outlook, onListening, ...guarded } = options;
  const token = guarded.tokenFile === null ? null : await readListenToken(guarded.tokenFile);
  if (token?.ok === false) return err(`--listen-token-file: ${token.error}`);
  const server = createServer({ ...times, maxHeaderSize }, (request, response) => {
    respond(outlook, guarded, request, response).catch((error: unknown) => {
      outlook.report(`Internal error: ${systemWords(error)}`);
      refuse(response, { status: 500, error: 'Internal error' });
    });
  });
  server.maxConnections = maxConnections;
  refuseMalformed(server);
  const { address } = guarded;
  const failure = await listen(server, address.host, address.port);
  if (failure !== null) return err(`--listen ${formatListenAddress(address)}: ${explain(failure)}`);

  const bound = server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : address.port;
  onListening(formatListenAddress({ host: address.host, port }));
  if (!isLoopback(address.host) && guarded.tokenFile === null)
    outlook.report('Everybody who can reach this address may read names and states of tasks');
  if (token?.ok === true && token.value.isOpen)
    outlook.report(`Everybody on this machine may read the token in ${guarded.tokenFile}`);
  return ok({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function respond(
  outlook: Outlook,
  guarded: Guarded,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  if (!drain(request)) return refuse(response, tooLarge);
  // Node leaves the body out by itself.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const found = findRoute(listenRoutes, { method, url: request.url });
  if (!found.ok) return refuse(response, found.error);
  await found.value.route.respond({ outlook, guarded, request, response });
}

const tooLarge = { status: 413, error: 'The body of the request is too large', headers: { connection: 'close' } };

/** Lets a body pass by; false when it says that it is too large. One that turns out to be ends the connection. */
function drain(request: IncomingMessage): boolean {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return false;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) request.destroy();
  });
  request.on('error', () => undefined);
  return true;
}

function listen(server: Server, host: string, port: number): Promise<Error | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}

function explain(error: Error): string {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return 'another process listens there; stop it, or name another port';
    case 'EACCES':
      return 'this user may not listen there; ports below 1024 are for root';
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no host of this name';
    default:
      return systemWords(error);
  }
}
