import type { Unfinished } from '../model/memory.ts';
import { isSuccess } from '../model/run.ts';
import { plural } from '../model/wording.ts';
import { type Ending, endedEarly } from './ending.ts';
import { farName } from './far-name.ts';
import type { Job } from './job.ts';
import { rehearse } from './rehearsal.ts';
import type { RunOrder, RunTools } from './run-order.ts';
import { type TransferTools, transfer } from './transfer.ts';

/** With these, rclone leaves a file at the destination as it is: also one that it has itself left cut off. */
const keepers = ['ignore-existing', 'update', 'immutable'];
/** Some tens of megabytes in the memory of the task. */
const mostPaths = 200_000;

/** Which files a run may have left cut off: those it was to write, without those it said it has written. */
export interface UnfinishedFiles {
  current: Unfinished | null;
}

export function recallUnfinished({ memory }: RunOrder): UnfinishedFiles {
  return { current: memory.unfinished };
}

interface WritingTools extends TransferTools {
  readonly unfinished: UnfinishedFiles;
}

/**
 * Runs a transfer whose flags keep what is at the destination. Which files it is to write is found out by a dry run and
 * kept in the memory of the task until it has come to its end; if it has not, the next attempt or run writes those
 * files again before anything else, without these flags.
 */
export async function withWholeFiles(
  order: RunOrder,
  job: Job,
  tools: WritingTools,
  run: (tools: WritingTools) => Promise<Ending>,
): Promise<Ending> {
  if (!keepers.some((flag) => job.transfer.flags[flag] === true)) return withoutKeepers(order, tools, run);
  const told = new Set<string>();
  const finished = await finishFiles(order, job, hearing(tools, told));
  if (finished !== null && !isSuccess(finished.outcome)) return finished;
  const ending = order.dryRun ? await run(leavingOut(tools, told)) : await runKept(order, job, tools, run);
  if (finished === null) return ending;
  const { bytes, transfers } = finished.stats;
  return {
    ...ending,
    stats: { ...ending.stats, bytes: ending.stats.bytes + bytes, transfers: ending.stats.transfers + transfers },
  };
}

/** A transfer that compares in full writes again whatever was cut off. */
async function withoutKeepers(
  order: RunOrder,
  tools: WritingTools,
  run: (tools: WritingTools) => Promise<Ending>,
): Promise<Ending> {
  const ending = await run(tools);
  if (tools.unfinished.current !== null && isSuccess(ending.outcome) && !order.dryRun) await note(tools, null);
  return ending;
}

async function runKept(
  order: RunOrder,
  job: Job,
  tools: WritingTools,
  run: (tools: WritingTools) => Promise<Ending>,
): Promise<Ending> {
  const { copies } = await rehearse(order, copying(job), tools);
  if (copies.size === 0) return run(tools);
  const left = new Set(copies);
  const noted = await note(tools, unfinishedAt(order, job, left));
  if (!noted.ok)
    return endedEarly('Failed', `nothing was sent, as the list of files could not be kept: ${noted.error}`);
  const ending = await run(hearing(tools, { add: (path) => left.delete(path) }));
  await note(tools, isSuccess(ending.outcome) ? null : unfinishedAt(order, job, left));
  return ending;
}

/** Writes again what an attempt or run before this one may have left cut off; `null`: there is nothing. */
async function finishFiles(order: RunOrder, job: Job, tools: WritingTools): Promise<Ending | null> {
  const { current } = tools.unfinished;
  if (current === null || current.destination !== destinationOf(order, job)) return null;
  const { paths } = current;
  if (paths === null) return endedEarly('Blocked', tooManySentence(current.count, job));
  if (paths.length === 0) return null;
  const flags = Object.fromEntries(Object.entries(job.transfer.flags).filter(([flag]) => !keepers.includes(flag)));
  const rewriting: Job = {
    ...copying(job),
    filters: paths.map((path) => `${path}\n`).join(''),
    transfer: { ...copying(job).transfer, flags, namesOnly: true, fastList: false },
  };
  const message = `${plural(paths.length, 'file')} that a run before may have left cut off: written again where they differ`;
  tools.emit({ type: 'RunLog', task: order.task.name, runId: order.runId, level: 'notice', message });
  const ending = await transfer(order, rewriting, tools);
  if (isSuccess(ending.outcome) && !order.dryRun) await note(tools, null);
  return ending;
}

/** Tells `copies` of each file that is copied, or on a dry run would be. */
function hearing(tools: WritingTools, copies: { add(path: string): unknown }): WritingTools {
  return {
    ...tools,
    emit(event) {
      if (event.type === 'RunChange' && event.change.action === 'copy') copies.add(event.change.path);
      tools.emit(event);
    },
  };
}

/** Without the changes that have been told already. */
function leavingOut(tools: WritingTools, told: ReadonlySet<string>): WritingTools {
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

function unfinishedAt(order: RunOrder, job: Job, paths: ReadonlySet<string>): Unfinished {
  const listable = paths.size <= mostPaths && [...paths].every((path) => !/\p{Cc}/u.test(path));
  return { destination: destinationOf(order, job), count: paths.size, paths: listable ? [...paths].sort() : null };
}

/** For rclone, every place behind an encryption has one name. */
function destinationOf({ task: { spec } }: RunOrder, { transfer }: Job): string {
  return spec.direction === 'PUSH' ? farName(spec) : transfer.destination;
}

function note(
  { memory, unfinished }: WritingTools,
  current: Unfinished | null,
): ReturnType<RunTools['memory']['note']> {
  unfinished.current = current;
  return memory.note({ unfinished: current });
}

function tooManySentence(count: number, { transfer: { flags } }: Job): string {
  const set = keepers.filter((flag) => flags[flag] === true).join(' and ');
  return (
    `a run that was to write ${plural(count, 'file')} was cut off, and with rcloneFlags ${set} what it left cut off ` +
    'would stay so; run the task once without that flag'
  );
}
