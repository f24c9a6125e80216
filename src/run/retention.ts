import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isSuccess } from '../model/run.ts';
import { plural } from '../model/wording.ts';
import { runShort } from '../rclone/short-run.ts';
import type { Ending } from './ending.ts';
import { type ExpiredBackups, expiredBackups } from './expired-backups.ts';
import type { RcloneUse } from './guard/verdict.ts';
import { within } from './local-side.ts';
import type { RunOrder, RunTools } from './run-order.ts';

const listTimeoutMs = 120_000;
/** A folder may hold as much as the destination. */
const purgeTimeoutMs = 3_600_000;

export interface RetentionPlace {
  /** Of the run, for rclone. */
  readonly destination: string;
  /** The same as a path of this machine; `null`: it is somewhere else, or encrypted. */
  readonly localDestination: string | null;
  readonly rclone: RcloneUse;
}

type RetentionTools = Pick<RunTools, 'clock' | 'emit' | 'signal'>;

/**
 * After a success, deletes what earlier runs of the task set aside longer ago than it says; a dry run only tells. What
 * cannot be deleted is a warning: the files of the task are where they belong.
 */
export async function withRetention(
  order: RunOrder,
  place: RetentionPlace,
  ending: Ending,
  tools: RetentionTools,
): Promise<Ending> {
  const { backupFolder, backupRetentionMs = null } = order.task.spec.safety;
  if (backupFolder === null || backupRetentionMs === null) return ending;
  if (!isSuccess(ending.outcome) || tools.signal.aborted) return ending;
  const warning = await prune(order, place, { backupFolder, retentionMs: backupRetentionMs }, tools);
  if (warning === null) return ending;
  return { ...ending, outcome: 'SucceededWithWarnings', warnings: [...ending.warnings, warning] };
}

interface Retention {
  readonly backupFolder: string;
  readonly retentionMs: number;
}

/** Gives a warning, or `null`. */
async function prune(
  order: RunOrder,
  { destination, localDestination, rclone }: RetentionPlace,
  { backupFolder, retentionMs }: Retention,
  tools: RetentionTools,
): Promise<string | null> {
  if (localDestination !== null && (await leadsElsewhere(localDestination, backupFolder))) {
    return `old backups were not deleted: ${join(localDestination, backupFolder)} leads to another place by a link`;
  }
  const folder = within(destination, backupFolder);
  const listed = await foldersIn(folder, rclone);
  if (typeof listed === 'string') return `old backups were not deleted: ${listed}`;
  const now = tools.clock.now();
  const lastSuccessAt = order.memory.success?.at ?? null;
  const found = expiredBackups(listed, { task: order.task.name, retentionMs, now, lastSuccessAt });
  if (found.clockIsBehind) {
    const clock = new Date(now).toISOString();
    return `old backups were not deleted: the clock shows ${clock}, which is earlier than a run of the task`;
  }
  for (const [index, name] of found.expired.entries()) {
    const failure = order.dryRun ? null : await purge(within(folder, name), rclone);
    if (tools.signal.aborted) return null;
    const left = found.expired.length - index;
    if (failure !== null) return `${plural(left, 'old backup')} could not be deleted: ${failure}`;
    const change = { action: 'rmdir', path: `${backupFolder}/${name}` } as const;
    tools.emit({ type: 'RunChange', task: order.task.name, runId: order.runId, change });
  }
  tell(order, found, tools);
  return null;
}

function tell({ task, runId, dryRun }: RunOrder, { expired, later }: ExpiredBackups, { emit }: RetentionTools): void {
  if (expired.length === 0) return;
  const count = plural(expired.length, 'old backup');
  const rest = later === 0 ? '' : `; ${later} more are left to the next runs`;
  const message = `${count} ${dryRun ? 'would be ' : ''}deleted by spec.safety.backupRetention${rest}`;
  emit({ type: 'RunLog', task: task.name, runId, level: 'info', message });
}

/** Folders directly in a folder, without links; a text says why they cannot be listed. */
async function foldersIn(
  place: string,
  { binary, environment, redact, signal }: RcloneUse,
): Promise<readonly string[] | string> {
  const names: string[] = [];
  const parameters = ['lsf', '--dirs-only', '--max-depth', '1', '--use-json-log', '--retries', '1', '--', place];
  const { exit, error } = await runShort(binary, parameters, environment, {
    timeoutMs: listTimeoutMs,
    signal,
    onOutputLine: (line) => names.push(line.replace(/\/$/, '')),
  });
  if (exit.exitCode === 3) return [];
  return error === null ? names : redact(error);
}

/** One folder and what is in it; that it is gone already is as good. The text says why not. */
async function purge(place: string, { binary, environment, redact, signal }: RcloneUse): Promise<string | null> {
  const parameters = ['purge', '--use-json-log', '--retries', '1', '--low-level-retries', '3', '--', place];
  const { exit, error } = await runShort(binary, parameters, environment, { timeoutMs: purgeTimeoutMs, signal });
  return exit.exitCode === 3 || error === null ? null : redact(error);
}

/** A folder that is not there leads nowhere. */
async function leadsElsewhere(root: string, folder: string): Promise<boolean> {
  const place = await realpath(root).catch(() => null);
  const real = await realpath(join(root, folder)).catch(() => null);
  return place !== null && real !== null && real !== join(place, folder);
}
