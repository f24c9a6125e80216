import type { Event } from '../model/event.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import type { CredentialReport } from '../model/verification.ts';
import type { Entry } from '../rclone/entries.ts';
import { type Answer, type Caller, callerOf, errorOf } from './control-caller.ts';
import type { Identity } from './control-server.ts';
import { errandsOver } from './errand-client.ts';
import type { Errands } from './errands.ts';
import type { Inspector } from './inspector.ts';
import type { Reconciliation } from './reconcile.ts';

/** Talks to the process that holds a state directory. */
export interface ControlClient {
  readonly identity: Identity;
  reconcile(): Promise<Result<Pass, string>>;
  /** Applies, whatever the daemon does by itself; with a hash, only if that is the hash of the plan. */
  apply(expected: string | null): Promise<Result<Pass, string>>;
  /** Tells each event of the run; resolves when it has ended. The error says why it did not start or was lost. */
  run(task: string, wish: RunWish, listener: (event: Event) => void): Promise<Result<RunRecord, ControlError>>;
  abort(task: string): Promise<Result<boolean, string>>;
  readonly inspect: Inspector;
  readonly errands: Errands;
}

/** What came of reading the manifests. */
export type Pass = Pick<Reconciliation, 'plan' | 'applied' | 'failures'>;

export interface ControlError {
  readonly kind: 'unknown' | 'busy' | 'failed';
  readonly message: string;
}

/** `null`: nobody holds the state directory. */
export async function connect(stateDirectory: string): Promise<ControlClient | null> {
  const call = callerOf(stateDirectory);
  const greeting = await call('GET', '/v1/version');
  if (!greeting.ok || greeting.value.status !== 200) return null;
  const identity = JSON.parse(greeting.value.body) as Identity;
  return {
    identity,
    reconcile: async () => passOf(await call('POST', '/v1/reconcile')),
    apply: async (expected) => passOf(await call('POST', `/v1/apply${expected === null ? '' : `?plan=${expected}`}`)),
    run: (task, wish, listener) => run(call, task, wish, listener),
    async abort(task) {
      const answer = await call('POST', `/v1/tasks/${encodeURIComponent(task)}/abort`);
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return err(errorOf(answer.value.body));
      return ok((JSON.parse(answer.value.body) as { aborted: boolean }).aborted);
    },
    ...{ inspect: inspectorOver(call), errands: errandsOver(call) },
  };
}

/** 409 says that nothing was applied, and has the plan all the same. */
function passOf(answer: Result<Answer, string>): Result<Pass, string> {
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  return status === 200 || status === 409 ? ok(JSON.parse(body) as Pass) : err(errorOf(body));
}

function inspectorOver(call: Caller): Inspector {
  return {
    async verify(names) {
      const paths = (names ?? ['']).map((name) => `/v1/credentials/${encodeURIComponent(name)}/verify`);
      const reports: CredentialReport[] = [];
      for (const path of paths) {
        const answer = listOf<CredentialReport>(await call('POST', path));
        if (!answer.ok) return answer;
        reports.push(...answer.value);
      }
      return ok(reports);
    },
    async list({ credential, task, folder }) {
      const query = new URLSearchParams({ folder, ...(task === null ? {} : { task }) });
      return listOf<Entry>(await call('GET', `/v1/credentials/${encodeURIComponent(credential)}/list?${query}`));
    },
  };
}

function listOf<T>(answer: Result<Answer, string>): Result<readonly T[], string> {
  if (!answer.ok) return answer;
  return answer.value.status === 200
    ? ok(JSON.parse(answer.value.body) as readonly T[])
    : err(errorOf(answer.value.body));
}

async function run(
  call: Caller,
  task: string,
  { dryRun, allowDeletes }: RunWish,
  listener: (event: Event) => void,
): Promise<Result<RunRecord, ControlError>> {
  let record: RunRecord | null = null;
  const allowed = allowDeletes === null ? '' : `&allowDeletes=${allowDeletes}`;
  const path = `/v1/tasks/${encodeURIComponent(task)}/run?dryRun=${dryRun}${allowed}`;
  const answer = await call('POST', path, (line) => {
    const event = JSON.parse(line) as Event;
    if (event.type === 'RunFinished') record = event.record;
    listener(event);
  });
  if (!answer.ok) return err({ kind: 'failed', message: answer.error });
  if (answer.value.status === 200) {
    return record === null ? err({ kind: 'failed', message: 'the daemon ended before the run did' }) : ok(record);
  }
  const kind = answer.value.status === 404 ? 'unknown' : answer.value.status === 409 ? 'busy' : 'failed';
  return err({ kind, message: errorOf(answer.value.body) });
}
