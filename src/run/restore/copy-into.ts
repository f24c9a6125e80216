import { readdir } from 'node:fs/promises';
import type { ResolvedTask } from '../../model/desired.ts';
import { noMemory, noPen } from '../../model/memory.ts';
import type { RestoreOrder } from '../../model/restore.ts';
import { ok, type Result } from '../../model/result.ts';
import { isSuccess, type RunStats } from '../../model/run.ts';
import { listed, plural } from '../../model/wording.ts';
import { unseenWriting } from '../cut-off/writing.ts';
import { type Ending, endedEarly } from '../ending.ts';
import type { FarSide } from '../far-side.ts';
import { hearing } from '../hearing.ts';
import { buildJob, type Job } from '../job.ts';
import type { LocalSide } from '../local-side.ts';
import { transfer } from '../transfer.ts';
import { createPublisher, type Published } from './publisher.ts';
import { nothingRestored, type RestoreEnding, type RestoreTools, warned } from './restore-ending.ts';
import { isStaging, openStaging } from './staging.ts';
import { type Choice, type Difference, differenceOf, namesInput } from './wanted-files.ts';

/** All that is known before anything is copied. */
export interface RestoreJob {
  /** Turned round. */
  readonly task: ResolvedTask;
  readonly order: RestoreOrder;
  readonly runId: string;
  readonly far: FarSide;
  readonly local: LocalSide;
  readonly source: string;
  readonly selection: readonly string[] | null;
  readonly choice: Choice;
}

const maxAttempts = 3;
const named = 5;

/**
 * Brings what is missing in the directory, and then looks whether everything is there. What was there before is never
 * overwritten: rclone writes into a folder of its own, and a file gets its name when it is complete.
 */
export async function copyInto(job: RestoreJob, tools: RestoreTools): Promise<RestoreEnding> {
  const { order } = job;
  const there = await readdir(order.directory).catch(() => []);
  const looked = there.every(isStaging) ? ok(null) : await differenceNow(job, tools);
  if (!looked.ok) return nothingRestored(order, endedEarly('Failed', looked.error));
  const before = looked.value;
  if (order.dryRun) {
    const ending = await bring(job, { difference: before, directory: order.directory }, tools);
    return nothingRestored(order, warned(ending, keptWarnings(before)));
  }
  const { ending, published } = await untilComplete(job, before, tools);
  const { directory, backup } = order;
  return {
    ending: withAdvice(warned(ending, keptWarnings(before)), order, published),
    restored: {
      directory,
      backup,
      files: published.files,
      bytes: published.bytes,
      kept: before?.same ?? 0,
      keptOther: before?.other.length ?? 0,
    },
  };
}

interface Progress {
  readonly ending: Ending;
  readonly published: Published;
}

/** rclone's own retries would take for missing what has its name already. */
async function untilComplete(job: RestoreJob, before: Difference | null, tools: RestoreTools): Promise<Progress> {
  let difference = before;
  let published: Published = { files: 0, bytes: 0, trouble: null };
  for (let attempt = 1; ; attempt += 1) {
    const done = await attemptOnce(job, difference, tools);
    published = {
      files: published.files + done.published.files,
      bytes: published.bytes + done.published.bytes,
      trouble: done.published.trouble,
    };
    const ending = { ...done.ending, attempt, stats: statsOf(done.ending.stats, published) };
    if (tools.signal.aborted || ending.outcome === 'AuthExpired') return { ending, published };
    const looked = await differenceNow(job, tools);
    if (!looked.ok)
      return { ending: failedAs(ending, `it is not known whether all is there: ${looked.error}`), published };
    difference = looked.value;
    const judged = judge(ending, { before, after: difference, trouble: done.published.trouble });
    if (isSuccess(judged.outcome) || !ending.retryable || attempt === maxAttempts) return { ending: judged, published };
  }
}

/** Into a staging of its own: what an attempt before left cut off is gone with the one of that. */
async function attemptOnce(job: RestoreJob, difference: Difference | null, tools: RestoreTools): Promise<Progress> {
  const { order } = job;
  const opened = await openStaging(order.directory);
  if (!opened.ok) {
    return { ending: endedEarly('Failed', opened.error), published: { files: 0, bytes: 0, trouble: null } };
  }
  const staging = opened.value;
  const followLinks = tools.confinement.pathRoots.length === 0;
  const publisher = createPublisher({ staging: staging.files, directory: order.directory, followLinks });
  try {
    const ending = await bring(job, { difference, directory: staging.files }, hearing(tools, 'copy', publisher.add));
    // Otherwise some of the rest may be cut off.
    if (isSuccess(ending.outcome)) await publisher.addRest();
    return { ending, published: await publisher.settled() };
  } finally {
    await staging.remove();
  }
}

interface Wanted {
  /** `null`: everything that is chosen is missing. */
  readonly difference: Difference | null;
  readonly directory: string;
}

async function bring(job: RestoreJob, { difference, directory }: Wanted, tools: RestoreTools): Promise<Ending> {
  const { task, order, runId, far, local, source, selection, choice } = job;
  if (difference?.missing.length === 0) return { ...endedEarly('Succeeded', ''), lastError: null, exitCode: 0 };
  const { dryRun } = order;
  // Names that cannot be decrypted are told at the level of debugging only by versions before 1.66.
  const verbose = far.remote.leavesOutQuietly || task.spec.encryption !== null;
  const sides = { local: { ...local, root: directory, selection }, remote: source, dryRun, verbose, backupName: runId };
  const plain = buildJob(task, sides);
  const rules = difference === null ? choice : { kind: 'names' as const, input: namesInput(difference.missing) };
  const about = { task, runId, trigger: 'manual', token: null, dryRun, allowDeletes: null } as const;
  return transfer({ ...about, memory: noMemory }, withInput(plain, rules), {
    ...tools,
    onSpawned: async () => {},
    onAttempt: () => {},
    memory: noPen,
    binary: far.binary.path,
    rcloneEnvironment: far.environment,
    redact: far.redact,
    // A file gets its name when it is complete.
    writing: unseenWriting,
  });
}

function withInput({ transfer: plain, verbose }: Job, { kind, input }: Pick<Choice, 'kind' | 'input'>): Job {
  const namesOnly = kind === 'names';
  const hasFilters = !namesOnly && input !== null;
  return { filters: input, verbose, transfer: { ...plain, namesOnly, hasFilters, backupDirectory: null } };
}

function differenceNow(job: RestoreJob, tools: RestoreTools): Promise<Result<Difference, string>> {
  const { task, runId, source, choice, far, order } = job;
  return differenceOf({ task, runId, source, directory: order.directory, choice, far }, tools);
}

/** rclone counts what it has brought into the staging. */
function statsOf(stats: RunStats, { files, bytes }: Published): RunStats {
  return { ...stats, transfers: files, bytes: Math.max(stats.bytes, bytes) };
}

interface Outlook {
  readonly before: Difference | null;
  readonly after: Difference;
  readonly trouble: string | null;
}

/** A success is only where every file is at the directory with its size, or was there before. */
function judge(ending: Ending, { before, after, trouble }: Outlook): Ending {
  if (!isSuccess(ending.outcome)) return ending;
  if (trouble !== null) return failedAs(ending, trouble);
  if (after.missing.length > 0) {
    return failedAs(ending, `${plural(after.missing.length, 'file')} not restored: ${listed(after.missing, named)}`);
  }
  const known = new Set(before?.other);
  const other = after.other.filter((path) => !known.has(path));
  if (other.length === 0) return ending;
  return failedAs(
    ending,
    `${plural(other.length, 'file')} with another size than at the source: ${listed(other, named)}`,
  );
}

function failedAs(ending: Ending, lastError: string): Ending {
  return { ...ending, outcome: 'Failed', lastError };
}

function keptWarnings(before: Difference | null): readonly string[] {
  if (before === null || before.other.length === 0) return [];
  const { other } = before;
  return [
    `${plural(other.length, 'file')} left as ${other.length === 1 ? 'it was' : 'they were'}, with another size than ` +
      `what would be restored: ${listed(other, named)}`,
  ];
}

function withAdvice(ending: Ending, { directory, intoExisting }: RestoreOrder, { files }: Published): Ending {
  if (isSuccess(ending.outcome)) {
    if (files > 0 || intoExisting) return ending;
    return warned(ending, ['no file was restored: the filters of the task leave out all that there is']);
  }
  if (ending.outcome === 'Blocked') return ending;
  const there =
    files === 0
      ? `nothing was put into ${directory}`
      : `${plural(files, 'file')} put into ${directory}, each complete; to go on, restore again with --into-existing`;
  return { ...ending, lastError: `${ending.lastError}; ${there}` };
}
