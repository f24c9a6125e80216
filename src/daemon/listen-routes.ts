import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, refuse } from './control-answer.ts';
import { type Guarded, refuseChange } from './listen-guard.ts';
import type { Metrics } from './metrics.ts';
import type { Route } from './route.ts';

/** What the world outside may ask and do. */
export interface Outlook {
  /** Why this does not do its work; `null`: it does. */
  unready(): string | null;
  readonly metrics: Metrics;
  /**
   * Asks for a pass and does not wait for it; false when there will be none, since it is stopping. The revision is what
   * the caller says that it has put there.
   */
  reconcile(revision: string | null): boolean;
  /** Tells the operator what is wrong. */
  report(detail: string): void;
}

export interface ListenCall {
  readonly outlook: Outlook;
  readonly guarded: Guarded;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export type ListenRoute = Route & { readonly respond: (call: ListenCall) => Promise<void> | void };

/** A new one is a line here and its part of docs/monitoring.md. */
export const listenRoutes: readonly ListenRoute[] = [
  { method: 'GET', path: '/healthz', respond: health },
  { method: 'GET', path: '/readyz', respond: readiness },
  { method: 'GET', path: '/metrics', respond: metrics },
  { method: 'POST', path: '/-/reconcile', respond: reconcile },
];

/** That it answers is the answer. */
function health({ response }: ListenCall): void {
  answer(response, 200, { alive: true });
}

function readiness({ outlook, response }: ListenCall): void {
  const reason = outlook.unready();
  answer(response, reason === null ? 200 : 503, { ready: reason === null, reason });
}

async function metrics({ outlook, response }: ListenCall): Promise<void> {
  const { contentType, text } = await outlook.metrics.render();
  response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

async function reconcile({ outlook, guarded, request, response }: ListenCall): Promise<void> {
  const refusal = await refuseChange(request, guarded, outlook.report);
  if (refusal !== null) return refuse(response, refusal);
  if (!outlook.reconcile(revisionIn(request)))
    return refuse(response, { status: 503, error: 'The daemon is stopping' });
  // Not 202: git-sync takes anything but 200 for a failure, and asks again.
  answer(response, 200, { accepted: true });
}

/** Only for the log: what is read is what is there. */
function revisionIn({ headers }: IncomingMessage): string | null {
  const given = headers['gitsync-hash'];
  return typeof given === 'string' && /^[0-9a-f]{7,64}$/i.test(given) ? given : null;
}
