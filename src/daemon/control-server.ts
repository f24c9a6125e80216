import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { internalError } from '../model/system-error.ts';
import { answer, refuse, refuseMalformed } from './control-answer.ts';
import type { ControlHandlers } from './control-handlers.ts';
import { type Identity, routes } from './control-routes.ts';
import { findRoute } from './route.ts';

/** Who waits for an answer is told this often that there will be one: a stopped process cannot say so. */
const pulseMs = 2_000;

/** Version 1 of the control API. It listens only on the socket in the state directory, whose mode is its lock. */
export function createControlServer(identity: Identity, handlers: () => ControlHandlers | null): Server {
  const server = createServer((request, response) => {
    beat(request, response);
    route(identity, handlers(), request, response).catch((error: unknown) => {
      answer(response, 500, { error: internalError(error) });
    });
  });
  refuseMalformed(server);
  return server;
}

async function route(
  identity: Identity,
  handlers: ControlHandlers | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = findRoute(routes, request);
  if (!found.ok) return refuse(response, found.error);
  if (hasBody(request)) return refuse(response, bodyRefused);
  const { route: asked, ...call } = found.value;
  if ('greet' in asked) return answer(response, 200, asked.greet(identity));
  if (handlers === null) return refuse(response, { status: 503, error: 'Still starting' });
  await asked.respond({ ...call, handlers, response });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const bodyRefused = {
  ...{ status: 413, error: 'Requests have no body here; parameters follow a ? in the path' },
  headers: { connection: 'close' },
};

/** `102 Processing`, which a client of HTTP/1.1 passes over while it waits. */
function beat({ httpVersion }: IncomingMessage, response: ServerResponse): void {
  if (httpVersion !== '1.1') return;
  const pulse = setInterval(() => {
    if (!response.headersSent) response.writeProcessing();
  }, pulseMs);
  response.on('close', () => clearInterval(pulse));
}
