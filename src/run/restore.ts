import { basename } from 'node:path';
import type { ResolvedTask } from '../model/desired.ts';
import { noMemory, noPen } from '../model/memory.ts';
import type { RestoreOrder } from '../model/restore.ts';
import { err, ok, type Result } from '../model/result.ts';
import { noLimits } from '../rclone/limit-arguments.ts';
import { passingFlags } from '../rclone/passing-flag.ts';
import { findBackup } from './backups.ts';
import { type Ending, endedByFailure, endedEarly } from './ending.ts';
import { type FarSide, openFarSide } from './far-side.ts';
import { guardRun } from './guard/guard.ts';
import { surroundingsOf } from './guard/surroundings.ts';
import { buildJob, type Job } from './job.ts';
import { type LocalSide, readLocalSide } from './local-side.ts';
import { withNextStep } from './next-step.ts';
import { checkRestorePlace } from './restore-place.ts';
import { type RunTools, stopReason } from './run-order.ts';
import { transfer } from './transfer.ts';

/**
 * The task turned round: from its far side into a directory, as a COPY that runs when somebody asks and starts no
 * scripts. What decides about files stays: filters, encryption, bandwidth limit.
 */
export function reverseTask(task: ResolvedTask, directory: string): Result<ResolvedTask, string> {
  const { spec } = task;
  if (spec.direction === 'PULL') {
    return err(
      `task ${task.name} is a PULL: its files come from ${spec.remote.credential ?? spec.remote.rcloneRemote}, ` +
        `and "cloudsync run ${task.name}" brings them; only a PUSH can be restored`,
    );
  }
  const noScripts = { preScript: '', postScript: '', finallyScript: '' };
  return ok({
    ...task,
    spec: {
      ...{ ...spec, ...noScripts, direction: 'PULL', transferMode: 'COPY', paths: [directory] },
      ...{ rcloneFlags: passingFlags(spec.rcloneFlags), timeoutMs: null, followSymlinks: false },
      // What was sent once is given back, however old or large it is.
      ...noLimits,
      safety: { ...spec.safety, requireMarker: null },
    },
  });
}

/** Names at the far side's root that the task is about, and nothing else is; `null`: all of it. */
export async function selectionOf({ spec }: ResolvedTask): Promise<readonly string[] | null> {
  if (spec.paths.length > 1) return spec.paths.map((path) => basename(path));
  // Of a path that is gone it cannot be told whether it was a file; then all of the folder is given back.
  const local = await readLocalSide(spec);
  return local.ok ? local.value.selection : null;
}

export type RestoreTools = Omit<RunTools, 'onSpawned' | 'onAttempt' | 'memory'>;

/** Copies what a task has put at its far side into a directory. Every failure is an ending; nothing is thrown. */
export async function restore(
  task: ResolvedTask,
  order: RestoreOrder,
  runId: string,
  tools: RestoreTools,
): Promise<Ending> {
  const reversed = reverseTask(task, order.directory);
  if (!reversed.ok) return endedEarly('Blocked', reversed.error);
  const place = await checkRestorePlace(task, order);
  if (!place.ok) return endedEarly('Blocked', place.error);
  const opened = await openFarSide(reversed.value, tools);
  if (!opened.ok) return endedEarly(opened.error.outcome, opened.error.message);
  await using far = opened.value;
  const local = await readLocalSide(reversed.value.spec);
  if (!local.ok) return endedEarly('Blocked', local.error);
  const source = await findSource(reversed.value, local.value, order, far, tools);
  if (tools.signal.aborted) return endedEarly(stopReason(tools.signal), 'the restore was stopped before it began');
  if (!source.ok) return withNextStep(reversed.value, source.error, tools);

  const selected = { ...local.value, selection: await selectionOf(task) };
  const job = restoreJob(reversed.value, { ...order, source: source.value, local: selected, runId });
  const about = { task: reversed.value, runId, trigger: 'manual', token: null, dryRun: order.dryRun } as const;
  const ending = await transfer({ ...about, allowDeletes: null, memory: noMemory }, job, {
    ...tools,
    onSpawned: async () => {},
    onAttempt: () => {},
    memory: noPen,
    binary: far.binary.path,
    rcloneEnvironment: far.environment,
    redact: far.redact,
  });
  return withNextStep(reversed.value, withAdvice(ending, order), tools);
}

/** A wrong password or an empty place would be a restore of nothing, and look like a success. */
async function findSource(
  task: ResolvedTask,
  local: LocalSide,
  { backup }: RestoreOrder,
  far: FarSide,
  tools: RestoreTools,
): Promise<Result<string, Ending>> {
  const { path, plainPath } = far.remote;
  const { spec } = task;
  const { binary, environment, redact, look } = far;
  const verdict = await guardRun({
    task,
    local,
    remote: path,
    plainRemote: plainPath,
    look,
    dryRun: true,
    memory: noMemory,
    pen: noPen,
    rclone: { binary: binary.path, environment, redact, signal: tools.signal },
    around: surroundingsOf(tools),
  });
  if (verdict.kind === 'blocked') return err(endedEarly('Blocked', verdict.message));
  if (verdict.kind === 'failed') return err(endedByFailure(verdict));
  const source = backup === null ? ok(path) : await findBackup(task, far, backup);
  if (!source.ok) return err(endedEarly('Blocked', source.error));
  const found = await far.look(source.value);
  if (!found.ok) return err(endedByFailure(found.error));
  if (found.value.exists && !found.value.empty) return source;
  const { bucket, folder } = spec.remote;
  const where = [bucket, folder].filter((part) => part !== null && part !== '').join('/');
  return err(
    endedEarly(
      'Blocked',
      `there is nothing to restore: ${where === '' ? 'the far side' : where} is empty or not there`,
    ),
  );
}

interface JobParts extends RestoreOrder {
  readonly source: string;
  readonly local: LocalSide;
  readonly runId: string;
}

function restoreJob(reversed: ResolvedTask, { source, local, dryRun, runId, intoExisting }: JobParts): Job {
  // Names that cannot be decrypted are told at the level of debugging only by versions before 1.66.
  const verbose = reversed.spec.encryption !== null;
  const { transfer: plain, ...job } = buildJob(reversed, { local, remote: source, dryRun, verbose, backupName: runId });
  const flags = intoExisting ? { ...plain.flags, 'ignore-existing': true } : plain.flags;
  return { ...job, transfer: { ...plain, flags, retries: 3, backupDirectory: null } };
}

function withAdvice(ending: Ending, { directory, dryRun, intoExisting }: RestoreOrder): Ending {
  if (dryRun) return ending;
  if (ending.outcome === 'Succeeded' && ending.stats.transfers === 0 && !intoExisting) {
    const warning = 'no file was restored: the filters of the task leave out all that there is';
    return { ...ending, outcome: 'SucceededWithWarnings', warnings: [...ending.warnings, warning] };
  }
  if (ending.outcome !== 'Aborted' && ending.outcome !== 'Interrupted') return ending;
  const advice = `what is in ${directory} is not complete, and a file in it may be cut off; remove it before another try`;
  return { ...ending, lastError: `${ending.lastError}; ${advice}` };
}
