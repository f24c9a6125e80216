import { stat } from 'node:fs/promises';
import { type Clock, systemClock } from '../model/clock.ts';
import type { StatusReport } from '../model/daemon-status.ts';
import type { Event } from '../model/event.ts';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import type { CredentialReport } from '../model/verification.ts';
import type { Entry } from '../rclone/entries.ts';
import { readHolder } from '../state/holder.ts';
import { type Caller, type CallFailure, callerOf, documentIn, errorOf } from './control-caller.ts';
import type { Identity } from './control-routes.ts';
import { errandsOver } from './errand-client.ts';
import type { Errands } from './errands.ts';
import type { Inspector } from './inspector.ts';
import type { TransferProgress } from './plan-transfers.ts';
import type { Reconciliation } from './reconcile.ts';
import type { WantedLog } from './run-logs.ts';

/** Talks to the process that holds a state directory. */
export interface ControlClient {
  readonly identity: Identity;
  reconcile(): Promise<Result<Pass, string>>;
  /** What applying would do. */
  plan(): Promise<Result<Pass, string>>;
  /** The same, to files as well; the signal ends the dry runs. */
  planTransfers(onProgress: (progress: TransferProgress) => void, signal: AbortSignal): Promise<Result<Pass, string>>;
  /** Applies, whatever the daemon does by itself; with a hash, only if that is the hash of the plan. */
  apply(expected: string | null): Promise<Result<Pass, string>>;
  /** Tells each event of the run; resolves when it has ended. The error says why it did not start or was lost. */
  run(task: string, wish: RunWish, listener: (event: Event) => void): Promise<Result<RunRecord, ControlError>>;
  abort(task: string): Promise<Result<boolean, string>>;
  status(): Promise<Result<StatusReport, string>>;
  /** Tells each line, and resolves after the last. */
  followLog(wanted: WantedLog, listener: (line: string) => void): Promise<Result<void, string>>;
  /** The same of events; `null`: of all tasks. Goes on until the process ends. */
  events(task: string | null, listener: (line: string) => void): Promise<Result<void, string>>;
  readonly inspect: Inspector;
  readonly errands: Errands;
}

/** What came of reading the manifests. */
export type Pass = Pick<Reconciliation, 'plan' | 'applied' | 'failure' | 'confirmAt'>;

export interface ControlError {
  readonly kind: 'unknown' | 'busy' | 'failed';
  readonly message: string;
}

/** `null`: nobody holds the state directory. Who holds it and cannot be asked has a client that says why. */
export async function connect(stateDirectory: string, clock = systemClock): Promise<ControlClient | null> {
  const found = await findHolder(stateDirectory, clock);
  return found.kind === 'none' ? null : found.client;
}

/**
 * Who holds a state directory. `silent`: it is stopped, or too busy. `denied`: this user may not ask, nor see whether
 * there is anybody. The clients of these two say so whatever they are asked.
 */
type FoundHolder =
  | { readonly kind: 'none' }
  | { readonly kind: 'answers' | 'silent' | 'denied'; readonly client: ControlClient };

async function findHolder(stateDirectory: string, clock: Clock): Promise<FoundHolder> {
  const call = callerOf(stateDirectory, clock);
  const greeting = await call('GET', '/v1/version');
  if (greeting.ok) {
    if (greeting.value.status !== 200) return { kind: 'none' };
    return { kind: 'answers', client: clientOver(call, JSON.parse(greeting.value.body) as Identity) };
  }
  const { kind } = greeting.error;
  switch (kind) {
    case 'unreachable':
      return { kind: 'none' };
    case 'silent': {
      const pid = (await readHolder(stateDirectory)) ?? 0;
      return { kind, client: failingClient(pid, { kind, message: silence(stateDirectory, pid) }) };
    }
    case 'denied':
      return { kind, client: failingClient(0, { kind, message: await denial(stateDirectory) }) };
    default:
      return unreachable(kind);
  }
}

function failingClient(pid: number, failure: CallFailure): ControlClient {
  return clientOver(async () => err(failure), { pid, version: 'unknown', command: 'daemon' });
}

async function denial(stateDirectory: string): Promise<string> {
  const owner = (await stat(stateDirectory).catch(() => null))?.uid;
  const who = owner === undefined ? 'the user that the daemon runs as' : `user ${owner}, whom it belongs to`;
  return `whether a daemon holds ${stateDirectory} cannot be told, as this user may not look into it. Ask as ${who}`;
}

function silence(stateDirectory: string, pid: number): string {
  const holder = pid === 0 ? 'a process' : `process ${pid}`;
  const advice = pid === 0 ? '' : ` (kill -CONT ${pid} lets it go on, kill -KILL ${pid} ends it)`;
  return `${holder} holds ${stateDirectory} and does not answer: it is stopped, or too busy${advice}`;
}

function clientOver(call: Caller, identity: Identity): ControlClient {
  return {
    identity,
    reconcile: async () => documentIn<Pass>(await call('POST', '/v1/reconcile')),
    plan: async () => documentIn<Pass>(await call('GET', '/v1/plan')),
    planTransfers: (onProgress, signal) => planTransfers(call, onProgress, signal),
    async apply(expected) {
      const path = `/v1/apply${expected === null ? '' : `?plan=${encodeURIComponent(expected)}`}`;
      // 409 says that nothing was applied, and has the plan all the same.
      return documentIn<Pass>(await call('POST', path), [200, 409]);
    },
    run: (task, wish, listener) => run(call, task, wish, listener),
    async abort(task) {
      const path = `/v1/tasks/${encodeURIComponent(task)}/abort`;
      const answer = documentIn<{ readonly aborted: boolean }>(await call('POST', path));
      return answer.ok ? ok(answer.value.aborted) : answer;
    },
    status: async () => documentIn(await call('GET', '/v1/status')),
    followLog({ task, runId, follow }, listener) {
      const query = new URLSearchParams({ follow: String(follow), ...(runId === null ? {} : { run: runId }) });
      return listen(call, `/v1/tasks/${encodeURIComponent(task)}/logs?${query}`, listener);
    },
    events: (task, listener) =>
      listen(call, `/v1/events${task === null ? '' : `?task=${encodeURIComponent(task)}`}`, listener),
    ...{ inspect: inspectorOver(call), errands: errandsOver(call) },
  };
}

/** A line for each dry run that has ended, and the plan as the last one. */
async function planTransfers(
  call: Caller,
  onProgress: (progress: TransferProgress) => void,
  signal: AbortSignal,
): Promise<Result<Pass, string>> {
  let pass: Pass | null = null;
  const listener = (line: string) => {
    const told = JSON.parse(line) as Pass | TransferProgress;
    if ('plan' in told) pass = told;
    else onProgress(told);
  };
  const answer = await call('GET', '/v1/plan?transfers=true', listener, signal);
  if (!answer.ok) return err(answer.error.message);
  if (answer.value.status !== 200) return err(errorOf(answer.value.body));
  return pass === null ? err('the daemon ended before the dry runs did') : ok(pass);
}

async function listen(call: Caller, path: string, listener: (line: string) => void): Promise<Result<void, string>> {
  const answer = await call('GET', path, listener);
  if (!answer.ok) return err(answer.error.message);
  return answer.value.status === 200 ? ok(undefined) : err(errorOf(answer.value.body));
}

function inspectorOver(call: Caller): Inspector {
  return {
    async verify(names) {
      const paths = names?.map((name) => `/v1/credentials/${encodeURIComponent(name)}/verify`);
      const reports: CredentialReport[] = [];
      for (const path of paths ?? ['/v1/credentials/verify']) {
        const answer = documentIn<readonly CredentialReport[]>(await call('POST', path));
        if (!answer.ok) return answer;
        reports.push(...answer.value);
      }
      return ok(reports);
    },
    async list({ credential, task, folder }) {
      const query = new URLSearchParams({ folder, ...(task === null ? {} : { task }) });
      return documentIn<readonly Entry[]>(
        await call('GET', `/v1/credentials/${encodeURIComponent(credential)}/list?${query}`),
      );
    },
  };
}

async function run(
  call: Caller,
  task: string,
  { dryRun, allowDeletes, acceptFileSystem = false }: RunWish,
  listener: (event: Event) => void,
): Promise<Result<RunRecord, ControlError>> {
  let record: RunRecord | null = null;
  const allowed = `${allowDeletes === null ? '' : `&allowDeletes=${allowDeletes}`}${acceptFileSystem ? '&acceptFileSystem=true' : ''}`;
  const path = `/v1/tasks/${encodeURIComponent(task)}/run?dryRun=${dryRun}${allowed}`;
  const answer = await call('POST', path, (line) => {
    const event = JSON.parse(line) as Event;
    if (event.type === 'RunFinished') record = event.record;
    listener(event);
  });
  if (!answer.ok) return err({ kind: 'failed', message: answer.error.message });
  if (answer.value.status === 200) {
    return record === null ? err({ kind: 'failed', message: 'the daemon ended before the run did' }) : ok(record);
  }
  const kind = answer.value.status === 404 ? 'unknown' : answer.value.status === 409 ? 'busy' : 'failed';
  return err({ kind, message: errorOf(answer.value.body) });
}
