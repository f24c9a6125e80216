import type { Result } from '../model/result.ts';
import { isSuccess } from '../model/run.ts';
import { plural } from '../model/wording.ts';
import { findSuspects, listingOf, rcloneOf, type SuspectFile, suspicionsAt } from './cut-off/find.ts';
import { cutOffSentence } from './cut-off/leave-out.ts';
import type { Suspicion } from './cut-off/suspects.ts';
import { type Ending, endedByFailure, endedEarly, withWarnings } from './ending.ts';
import { hearing } from './hearing.ts';
import type { Job } from './job.ts';
import { rehearse } from './rehearsal.ts';
import type { RunOrder } from './run-order.ts';
import { type TransferTools, transfer } from './transfer.ts';

/** With these, rclone leaves a file at the destination as it is: also one that it has itself left cut off. */
const keepers = ['ignore-existing', 'update', 'immutable'];
/** With this, one whose room was reserved in full. */
const weak = 'size-only';

/**
 * Runs a transfer whose flags keep what is at the destination. Which files it is to write is found out by a dry run and
 * kept until it has come to its end; if it has not, the next attempt or run, of whatever task, writes those files again
 * before anything else, without these flags. A transfer that compares in full does so anyway.
 */
export async function withWholeFiles(
  order: RunOrder,
  job: Job,
  tools: TransferTools,
  run: (tools: TransferTools) => Promise<Ending>,
): Promise<Ending> {
  const { flags } = job.transfer;
  const keeps = keepers.some((flag) => flags[flag] === true);
  if (!keeps && flags[weak] !== true) return run(tools);
  const found = await findUnfinished(order, job, tools);
  if ('outcome' in found) return found;
  const { again, warnings } = found;
  const told = new Set<string>();
  const finished =
    again.length === 0
      ? null
      : await finishFiles(
          order,
          job,
          again,
          hearing(tools, 'copy', (path) => told.add(path)),
        );
  if (finished !== null && !isSuccess(finished.outcome)) return finished;
  const kept = keeps && !order.dryRun;
  const ending = kept ? await runKept(order, job, again, tools, run) : await run(leavingOut(tools, told));
  return withWarnings(finished === null ? ending : withStatsOf(finished, ending), { first: warnings });
}

interface Unfinished {
  /** Files to write again, whatever is at the destination. */
  readonly again: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * What is cut off at the destination. Where it is not known which files a run was to write, those that somebody else
 * wrote meanwhile look the same: flags that keep them mean them, too.
 */
async function findUnfinished(order: RunOrder, job: Job, tools: TransferTools): Promise<Unfinished | Ending> {
  const { task } = order;
  const suspicions = await suspicionsAt(task.spec.direction === 'PUSH' ? 'far' : 'here', task, tools);
  if (!suspicions.ok) return endedEarly('Failed', suspicions.error);
  const found = await findSuspects(suspicions.value, listingOf('destination', job, false), rcloneOf(tools));
  if (!found.ok) return endedByFailure(found.error);
  const keeps = keepers.some((flag) => job.transfer.flags[flag] === true);
  const isSure = ({ cutOff, named }: Suspicion) =>
    named && (keeps ? (cutOff.expected?.paths ?? null) !== null : cutOff.specHash === task.specHash);
  const again = found.value.filter(({ by }) => by.some(isSure));
  const unsure = found.value.filter(({ by }) => !by.some(isSure));
  const own = unsure.flatMap(({ by }) => by.filter(({ cutOff }) => cutOff.specHash === task.specHash));
  const [first] = own;
  if (keeps && first !== undefined) {
    return endedEarly('Blocked', tooManySentence(first.cutOff.expected?.count ?? unsure.length, job));
  }
  return { again: again.map(({ path }) => path), warnings: unsure.length === 0 ? [] : [keptSentence(unsure, job)] };
}

async function runKept(
  order: RunOrder,
  job: Job,
  again: readonly string[],
  tools: TransferTools,
  run: (tools: TransferTools) => Promise<Ending>,
): Promise<Ending> {
  const { copies } = await rehearse(order, copying(job), tools);
  if (copies.size === 0) return run(tools);
  const left = new Set([...copies, ...again]);
  const noted = await expecting(tools, left);
  if (noted !== null) return noted;
  const ending = await run(hearing(tools, 'copy', (path) => left.delete(path)));
  if (!isSuccess(ending.outcome)) await tools.writing.expect(left);
  return ending;
}

/** Writes again what an attempt or run before this one may have left cut off. */
async function finishFiles(order: RunOrder, job: Job, paths: readonly string[], tools: TransferTools): Promise<Ending> {
  const noted = order.dryRun ? null : await expecting(tools, new Set(paths));
  if (noted !== null) return noted;
  const flags = Object.fromEntries(
    Object.entries(job.transfer.flags).filter(([flag]) => !keepers.includes(flag) && flag !== weak),
  );
  const rewriting: Job = {
    ...copying(job),
    filters: paths.map((path) => `${path}\n`).join(''),
    transfer: { ...copying(job).transfer, flags, namesOnly: true, fastList: false },
  };
  const message = `${plural(paths.length, 'file')} that a run before may have left cut off: written again where they differ`;
  tools.emit({ type: 'RunLog', task: order.task.name, runId: order.runId, level: 'notice', message });
  return transfer(order, rewriting, tools);
}

/** Why nothing may be written; `null`: it may. */
async function expecting({ writing }: TransferTools, paths: ReadonlySet<string>): Promise<Ending | null> {
  const noted: Result<void, string> = await writing.expect(paths);
  return noted.ok ? null : endedEarly('Failed', noted.error);
}

/** Without the changes that have been told already. */
function leavingOut(tools: TransferTools, told: ReadonlySet<string>): TransferTools {
  return {
    ...tools,
    emit(event) {
      if (event.type !== 'RunChange' || !told.has(event.change.path)) tools.emit(event);
    },
  };
}

function copying(job: Job): Job {
  return { ...job, transfer: { ...job.transfer, operation: 'copy' } };
}

function withStatsOf({ stats: { bytes, transfers } }: Ending, ending: Ending): Ending {
  const { stats } = ending;
  return { ...ending, stats: { ...stats, bytes: stats.bytes + bytes, transfers: stats.transfers + transfers } };
}

function flagsSet({ transfer: { flags } }: Job): string {
  return [...keepers, weak].filter((flag) => flags[flag] === true).join(' and ');
}

function keptSentence(suspects: readonly SuspectFile[], job: Job): string {
  return `kept at the destination by rcloneFlags ${flagsSet(job)}: ${cutOffSentence(suspects)}`;
}

function tooManySentence(count: number, job: Job): string {
  return (
    `a run that was to write ${plural(count, 'file')} was cut off, and with rcloneFlags ${flagsSet(job)} what it left ` +
    'cut off would stay so; run the task once without that flag'
  );
}
