import type { ServerResponse } from 'node:http';
import { type Result, unreachable } from '../model/result.ts';
import type { RunWish } from '../model/run.ts';
import { answer, answerResult, linesOver } from './control-answer.ts';
import type { ControlHandlers } from './control-handlers.ts';
import { answerBackups, answerCheck, answerRestore } from './errand-routes.ts';
import type { Reconciliation } from './reconcile.ts';
import type { Route } from './route.ts';
import type { Settings } from './settings.ts';
import { answerEvents, answerLog } from './stream-routes.ts';

/** Who holds the state directory. */
export interface Identity {
  readonly pid: number;
  readonly version: string;
  readonly command: 'daemon' | 'apply' | 'run';
  /** How it judges manifests, whatever those who ask were given; left out by versions of before. */
  readonly options?: JudgingOptions;
}

/** What a plan depends on besides manifests and state. */
export type JudgingOptions = Pick<
  Settings,
  'tasksName' | 'tasksDirectory' | 'selection' | 'prune' | 'pruneGraceMs' | 'strict' | 'pathRoots' | 'commands'
>;

export interface Call {
  readonly handlers: ControlHandlers;
  readonly name: string;
  readonly parameters: URLSearchParams;
  readonly response: ServerResponse;
}

export type ControlRoute = Route &
  (
    | { readonly respond: (call: Call) => Promise<void> | void }
    /** Answered also before anything else can be done. */
    | { readonly greet: (identity: Identity) => object }
  );

/** All of version 1. A new one is a line here and its part of docs/control-api.md. */
export const routes: readonly ControlRoute[] = [
  { method: 'GET', path: '/v1/version', greet: (identity) => identity },
  { method: 'GET', path: '/v1/status', respond: status },
  { method: 'GET', path: '/v1/events', parameters: { task: 'text' }, respond: answerEvents },
  { method: 'POST', path: '/v1/reconcile', respond: reconcile },
  { method: 'GET', path: '/v1/plan', parameters: { transfers: 'flag' }, respond: plan },
  { method: 'POST', path: '/v1/apply', parameters: { plan: 'text' }, respond: apply },
  {
    ...{ method: 'POST', path: '/v1/tasks/:name/run' },
    ...{ parameters: { dryRun: 'flag', allowDeletes: 'count', acceptFileSystem: 'flag' }, respond: run },
  },
  { method: 'POST', path: '/v1/tasks/:name/abort', respond: abort },
  {
    ...{ method: 'GET', path: '/v1/tasks/:name/logs' },
    ...{ parameters: { run: 'text', follow: 'flag' }, respond: answerLog },
  },
  {
    ...{ method: 'POST', path: '/v1/tasks/:name/restore' },
    parameters: { to: 'text', at: 'text', include: 'texts', intoExisting: 'flag', dryRun: 'flag' },
    respond: answerRestore,
  },
  {
    method: 'POST',
    path: '/v1/tasks/:name/check',
    parameters: { download: 'flag', sample: 'count' },
    respond: answerCheck,
  },
  { method: 'GET', path: '/v1/tasks/:name/backups', respond: answerBackups },
  { method: 'POST', path: '/v1/credentials/verify', respond: verify },
  { method: 'POST', path: '/v1/credentials/:name/verify', respond: verify },
  {
    ...{ method: 'GET', path: '/v1/credentials/:name/list' },
    ...{ parameters: { task: 'text', folder: 'text' }, respond: list },
  },
];

async function status({ handlers, response }: Call): Promise<void> {
  answer(response, 200, await handlers.status());
}

async function reconcile({ handlers, response }: Call): Promise<void> {
  answerPass(response, await handlers.reconcile());
}

async function plan({ handlers, parameters, response }: Call): Promise<void> {
  const done = await handlers.plan();
  if (!done.ok || parameters.get('transfers') !== 'true') return answerPass(response, done);
  const controller = new AbortController();
  response.on('close', () => controller.abort('Aborted'));
  const lines = linesOver(response, maxWaitingBytes);
  const tools = { signal: controller.signal, onProgress: lines.write };
  const found = await handlers.transfers(done.value.plan, tools);
  lines.write({ plan: found, applied: false, failure: null, confirmAt: null });
  lines.end();
}

/** 409: the plan is not the one that was asked for, and nothing was done. */
async function apply({ handlers, parameters, response }: Call): Promise<void> {
  const done = await handlers.apply(parameters.get('plan'));
  answerPass(response, done, done.ok && !done.value.applied ? 409 : 200);
}

function answerPass(response: ServerResponse, done: Result<Reconciliation, string>, status = 200): void {
  if (done.ok) {
    const { plan: found, applied, failure, confirmAt } = done.value;
    answer(response, status, { plan: found, applied, failure, confirmAt });
  } else answer(response, 503, { error: done.error });
}

/** A dry run lists every change, which may be many, to a program that keeps them. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** Answers with the run's events, a line of JSON each, from `RunStarted` to `RunFinished`. */
async function run({ handlers, name, parameters, response }: Call): Promise<void> {
  const read = await handlers.refresh();
  if (!read.ok) return answer(response, 503, { error: read.error });
  const lines = linesOver(response, maxWaitingBytes);
  const started = handlers.run(name, wishOf(parameters), (event) => {
    if (lines.flowing || event.type !== 'RunProgress') lines.write(event);
  });
  switch (started.kind) {
    case 'unknown':
      return answer(response, 404, { error: started.message });
    case 'busy':
      return answer(response, 409, { error: `task ${name} is running already, as run ${started.runId}` });
    case 'stopping':
      return answer(response, 503, { error: 'the daemon is stopping' });
    case 'started':
      response.on('close', started.leave);
      await started.finished;
      lines.end();
      return;
    default:
      unreachable(started);
  }
}

function wishOf(parameters: URLSearchParams): RunWish {
  const allowed = parameters.get('allowDeletes');
  const wish = { dryRun: parameters.get('dryRun') === 'true', allowDeletes: allowed === null ? null : Number(allowed) };
  return parameters.get('acceptFileSystem') === 'true' ? { ...wish, acceptFileSystem: true } : wish;
}

function abort({ handlers, name, response }: Call): void {
  answer(response, 200, { aborted: handlers.abort(name) });
}

async function verify({ handlers, name, response }: Call): Promise<void> {
  answerResult(response, await handlers.inspect.verify(name === '' ? null : [name]));
}

async function list({ handlers, name, parameters, response }: Call): Promise<void> {
  const place = { credential: name, task: parameters.get('task'), folder: parameters.get('folder') ?? '' };
  answerResult(response, await handlers.inspect.list(place));
}
