import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Result, unreachable } from '../model/result.ts';
import type { RunWish } from '../model/run.ts';
import type { ControlHandlers } from './control-handlers.ts';
import { answerErrand, isErrandCall } from './errand-routes.ts';
import type { Reconciliation } from './reconcile.ts';

/** Who holds the state directory. */
export interface Identity {
  readonly pid: number;
  readonly version: string;
  readonly command: 'daemon' | 'apply' | 'run';
}

/** Version 1 of the control API. It listens only on the socket in the state directory, whose mode is its lock. */
export function createControlServer(identity: Identity, handlers: () => ControlHandlers | null): Server {
  return createServer((request, response) => {
    route(identity, handlers(), request, response).catch((error: unknown) => {
      answer(response, 500, { error: `Internal error: ${error instanceof Error ? error.message : String(error)}` });
    });
  });
}

async function route(
  identity: Identity,
  handlers: ControlHandlers | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cloudsync');
  const [version, noun = '', name = '', verb = '', ...rest] = pathname.split('/').slice(1);
  const known = version === 'v1' && rest.length === 0;
  const call = known ? `${request.method} ${noun} ${verb}`.trim() : '';
  const task = decodeURIComponent(name);
  if (call === 'GET version') return answer(response, 200, identity);
  if (handlers === null) return answer(response, 503, { error: 'Still starting' });
  if (isErrandCall(call)) return answerErrand(call, handlers.errands, { task, parameters: searchParams }, response);
  switch (call) {
    case 'POST reconcile':
      return passed(response, await handlers.reconcile());
    case 'GET plan':
      return passed(response, await handlers.plan());
    case 'POST apply':
      return apply(handlers, searchParams.get('plan'), response);
    case 'POST tasks run':
      return run(handlers, task, wishOf(searchParams), response);
    case 'POST tasks abort':
      return answer(response, 200, { aborted: handlers.abort(task) });
    case 'POST credentials verify':
      return inspected(response, await handlers.inspect.verify(task === '' ? null : [task]));
    case 'GET credentials list': {
      const place = { credential: task, task: searchParams.get('task'), folder: searchParams.get('folder') ?? '' };
      return inspected(response, await handlers.inspect.list(place));
    }
    default:
      return answer(response, 404, { error: `There is no ${request.method} ${pathname}` });
  }
}

function inspected(response: ServerResponse, found: Result<readonly object[], string>): void {
  if (found.ok) answer(response, 200, found.value);
  else answer(response, 422, { error: found.error });
}

function passed(response: ServerResponse, done: Result<Reconciliation, string>, status = 200): void {
  if (done.ok) {
    const { plan, applied, failures } = done.value;
    answer(response, status, { plan, applied, failures });
  } else answer(response, 503, { error: done.error });
}

/** 409: the plan is not the one that was asked for, and nothing was done. */
async function apply(handlers: ControlHandlers, expected: string | null, response: ServerResponse): Promise<void> {
  const done = await handlers.apply(expected);
  passed(response, done, done.ok && !done.value.applied ? 409 : 200);
}

/** Answers with the run's events, a line of JSON each, from `RunStarted` to `RunFinished`. */
async function run(handlers: ControlHandlers, task: string, wish: RunWish, response: ServerResponse): Promise<void> {
  const started = handlers.run(task, wish, (event) => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${JSON.stringify(event)}\n`);
  });
  switch (started.kind) {
    case 'unknown':
      return answer(response, 404, { error: started.message });
    case 'busy':
      return answer(response, 409, { error: `task ${task} is running already, as run ${started.runId}` });
    case 'stopping':
      return answer(response, 503, { error: 'the daemon is stopping' });
    case 'started':
      response.on('close', started.leave);
      await started.finished;
      response.end();
      return;
    default:
      unreachable(started);
  }
}

function wishOf(parameters: URLSearchParams): RunWish {
  const allowed = parameters.get('allowDeletes');
  return { dryRun: parameters.get('dryRun') === 'true', allowDeletes: allowed === null ? null : Number(allowed) };
}

function answer(response: ServerResponse, status: number, body: object): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
