import { noStats, type Outcome } from '../model/run.ts';
import { rcloneEnvironment } from '../rclone/environment.ts';
import { listTop } from '../rclone/list.ts';
import { checkSource } from './guard.ts';
import { buildJob, type Job } from './job.ts';
import { createRedaction } from './redact.ts';
import { type Ending, type RunOrder, type RunTools, stopReason } from './run-order.ts';
import { resolveOptions } from './secret.ts';
import { transfer } from './transfer.ts';

/** One run from looking up secrets to rclone's last word. Every failure is an ending; nothing is thrown. */
export async function runTask(order: RunOrder, tools: RunTools): Promise<Ending> {
  const binary = await tools.inspectBinary();
  if (!binary.ok) return endedEarly('Failed', binary.error);

  const { spec, credential } = order.task;
  const name = spec.remote.credential ?? '';
  if (credential === null) return endedEarly('Failed', 'the task names no credential');
  const resolved = await resolveOptions(credential, tools.environment);
  if (!resolved.ok) return endedEarly('Failed', `credential ${name}: ${resolved.error}`);

  const job = buildJob(order.task, resolved.value.options, order.dryRun);
  if (!job.ok) return endedEarly('Failed', job.error);

  const environment = rcloneEnvironment({
    remotes: job.value.remotes,
    parent: tools.environment,
    timeZone: spec.schedule?.timeZone ?? null,
  });
  const redact = createRedaction(resolved.value.secrets);
  const guarded = await guard(order, job.value, { binary: binary.value.path, environment, redact });
  if (guarded !== null) return guarded;
  if (tools.signal.aborted) return endedEarly(stopReason(tools.signal), 'the run was stopped before rclone started');
  return transfer(order, job.value, { ...tools, binary: binary.value.path, rcloneEnvironment: environment, redact });
}

interface Spawning {
  readonly binary: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
}

async function guard(order: RunOrder, job: Job, { binary, environment, redact }: Spawning): Promise<Ending | null> {
  const verdict = await checkSource(order.task.spec, job, async () => {
    const listed = await listTop(binary, environment, job.remote);
    if (listed.ok) return { ok: true, value: { exists: true, empty: listed.value.empty } };
    if (listed.error.missing) return { ok: true, value: { exists: false, empty: true } };
    return { ok: false, error: redact(listed.error.message) };
  });
  if (verdict.kind === 'pass') return null;
  return endedEarly(verdict.kind === 'blocked' ? 'Blocked' : 'Failed', verdict.message);
}

function endedEarly(outcome: Outcome, lastError: string): Ending {
  return { outcome, exitCode: null, stats: noStats, lastError, warnings: [] };
}
