import { join } from 'node:path';
import { unreachable } from '../model/result.ts';
import type { RcloneBinary } from '../rclone/binary.ts';
import { rcloneEnvironment } from '../rclone/environment.ts';
import { runIdVariable } from '../state/run-processes.ts';
import { backupName } from './backup-name.ts';
import { breachOf } from './confinement.ts';
import { type CurrentMemory, currentMemory } from './current-memory.ts';
import { leavingOutCutOffs } from './cut-off/leave-out.ts';
import { openWriting } from './cut-off/writing.ts';
import { stopped, stoppedIfFailed, unlessStopped, withDeadline } from './deadline.ts';
import { withEmptiedWarning } from './emptied.ts';
import { type Ending, endedByFailure, endedEarly, withWarnings } from './ending.ts';
import { guardRun } from './guard/guard.ts';
import { surroundingsOf } from './guard/surroundings.ts';
import { buildJob, type Job } from './job.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { type LocalSide, readLocalSide } from './local-side.ts';
import { createLook } from './look.ts';
import { runCopy } from './mode/copy.ts';
import type { ModeTools } from './mode/delete-within.ts';
import { runMove } from './mode/move.ts';
import { runSync } from './mode/sync.ts';
import { withNextStep } from './next-step.ts';
import { createRedaction, withRedactedLog } from './redact.ts';
import { type PreparedRemote, prepareRemote } from './remote.ts';
import { withRetention } from './retention.ts';
import { withRetries } from './retry.ts';
import type { RunOrder, RunTools } from './run-order.ts';
import { afterTransfer, beforeTransfer, finallyAfter } from './script-step.ts';
import { withWholeFiles } from './unfinished.ts';

/**
 * One run: secrets, pre-script, guards, rclone, post-script, finally-script. Every failure is an ending; nothing is
 * thrown. A dry run leaves the scripts out.
 */
export async function runTask(order: RunOrder, tools: RunTools): Promise<Ending> {
  const secrets: string[] = [];
  const startedAt = tools.clock.now();
  const { spec } = order.task;
  const ending = await withDeadline(spec.timeoutMs, tools, async (timed) =>
    stoppedIfFailed(spec, timed.signal, await withNextStep(order.task, await runToEnd(order, timed, secrets), tools)),
  );
  const finished =
    order.dryRun || !tools.confinement.commands
      ? ending
      : await finallyAfter(order, withRedactedLog(tools, secrets), { ending, startedAt });
  return withoutSecrets(finished, secrets);
}

/** The last words of a script stand in the status, and a script may print what it has read for itself. */
function withoutSecrets(ending: Ending, secrets: readonly string[]): Ending {
  const redact = createRedaction(secrets);
  const lastError = ending.lastError === null ? null : redact(ending.lastError);
  return { ...ending, lastError, warnings: ending.warnings.map(redact) };
}

/** What it finds out of secrets, it adds to `secrets`. */
async function runToEnd(order: RunOrder, tools: RunTools, secrets: string[]): Promise<Ending> {
  const { spec, credential } = order.task;
  const binary = await unlessStopped(tools.signal, tools.inspectBinary());
  if (binary === null) return stopped(spec, tools.signal);
  if (!binary.ok) return endedEarly('Failed', binary.error);
  const breach = await breachOf(order.task, tools.confinement, tools.environment);
  if (breach !== null) return endedEarly('Blocked', breach);
  const { remote: location, encryption, uploadChunkSizeBytes } = spec;
  const preparing = prepareRemote({ location, credential, encryption, uploadChunkSizeBytes }, tools);
  const remote = await unlessStopped(tools.signal, preparing, (late) => late.ok && late.value[Symbol.asyncDispose]());
  if (remote === null) return stopped(spec, tools.signal);
  if (!remote.ok) return endedEarly('Failed', remote.error);

  await using prepared = remote.value;
  secrets.push(...prepared.secrets);
  const scriptTools = withRedactedLog(tools, secrets);
  const lasting = {
    ledger: openLedger(order, tools),
    memory: currentMemory(order.memory, tools.memory),
  };
  const attempt = async (number: number) => {
    const ending = await sync(order, tools, { remote: prepared, binary: binary.value, ...lasting, attempt: number });
    return stoppedIfFailed(spec, tools.signal, ending);
  };
  // Awaited here: what rclone reads is removed when this function returns.
  if (order.dryRun) return await attempt(1);
  const endedBefore = await beforeTransfer(order, scriptTools);
  if (endedBefore !== null) return endedBefore;
  return afterTransfer(order, scriptTools, await withRetries(order, tools, attempt));
}

interface Attempt {
  readonly remote: PreparedRemote;
  readonly binary: RcloneBinary;
  readonly ledger: Ledger;
  readonly memory: CurrentMemory;
  /** From 1. */
  readonly attempt: number;
}

/** What rclone is asked to do, once it has been looked at. */
async function sync(
  order: RunOrder,
  tools: RunTools,
  { remote, binary, ledger, memory, attempt }: Attempt,
): Promise<Ending> {
  const { spec } = order.task;
  const local = await readLocalSide(spec);
  if (!local.ok) return endedEarly('Failed', local.error);

  const environment = {
    ...rcloneEnvironment({
      remotes: remote.definitions,
      parent: tools.environment,
      timeZone: spec.schedule?.timeZone ?? null,
      configFile: remote.configFile,
    }),
    [runIdVariable]: order.runId,
  };
  const redact = createRedaction(remote.secrets);
  const rclone = { binary: binary.path, environment, redact, signal: tools.signal };
  const verdict = await guardRun({
    task: order.task,
    local: local.value,
    remote: remote.path,
    plainRemote: remote.plainPath,
    key: remote.key,
    look: createLook(rclone),
    dryRun: order.dryRun,
    memory: memory.read(),
    pen: memory.pen,
    rclone,
    around: surroundingsOf(tools, order.acceptFileSystem),
  });
  if (tools.signal.aborted) return stopped(spec, tools.signal);
  if (verdict.kind === 'blocked') return endedEarly('Blocked', verdict.message);
  if (verdict.kind === 'failed') return endedByFailure(verdict);

  const { dryRun, runId } = order;
  const verbose = remote.leavesOutQuietly || hidesNames(order, binary);
  const sides = { local: local.value, remote: remote.path, dryRun, verbose };
  const whole = buildJob(order.task, { ...sides, backupName: backupName(runId, attempt) });
  const writing = openWriting(order, tools);
  const transferTools = { ...tools, binary: binary.path, rcloneEnvironment: environment, redact, writing };
  const readable = await leavingOutCutOffs(order, whole, transferTools);
  if (tools.signal.aborted) return stopped(spec, tools.signal);
  if (readable.kind === 'ended') return readable.ending;
  const { job } = readable;
  const ended = await withWholeFiles(order, job, transferTools, (inner) => runMode(order, job, { ...inner, ledger }));
  if (!dryRun) await writing.end(ended, whole, rclone);
  const ending = withEmptiedWarning(order, tools, ended);
  const { destination } = job.transfer;
  const backups = { destination, localDestination: localDestinationOf(order, local.value), rclone };
  const first = [...verdict.warnings, ...readable.warnings];
  return withWarnings(await withRetention(order, backups, ending, tools), { first });
}

/** `null`: the destination is not on this machine, or its names are encrypted. */
function localDestinationOf({ task: { spec, credential } }: RunOrder, local: LocalSide): string | null {
  if (spec.direction === 'PULL') return local.root;
  const { root } = credential?.provider === 'local' ? credential.options : {};
  return typeof root === 'string' && spec.encryption?.filenames !== true ? join(root, spec.remote.folder) : null;
}

function runMode(order: RunOrder, job: Job, tools: ModeTools): Promise<Ending> {
  const { transferMode } = order.task.spec;
  switch (transferMode) {
    case 'SYNC':
      return runSync(order, job, tools);
    case 'COPY':
      return runCopy(order, job, tools);
    case 'MOVE':
      return runMove(order, job, tools);
    default:
      return unreachable(transferMode);
  }
}

/** Before 1.66, rclone says only at the level of debugging which names it cannot decrypt, and leaves out. */
function hidesNames({ task: { spec } }: RunOrder, { version: [major, minor] }: RcloneBinary): boolean {
  return major === 1 && minor < 66 && spec.encryption !== null;
}
