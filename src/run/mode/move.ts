import { basename } from 'node:path';
import { isSuccess } from '../../model/run.ts';
import { comparedBy, type RemoteFeatures, readFeatures } from '../../rclone/features.ts';
import { createProofs } from '../../rclone/proof.ts';
import { stopped } from '../deadline.ts';
import { type Ending, endedByFailure, endedEarly } from '../ending.ts';
import { farName } from '../far-name.ts';
import type { Job } from '../job.ts';
import { type FoundArrivals, findArrivals, noArrivals } from '../move/arrivals.ts';
import type { Collision } from '../move/collisions.ts';
import { findCollisions, isKnownToFoldCase } from '../move/destination-names.ts';
import { removeEmptyDirectories } from '../move/empty-directories.ts';
import { openFarSource } from '../move/far-source.ts';
import { openLocalSource } from '../move/local-source.ts';
import type { MoveSource, Removal } from '../move/move-source.ts';
import { collisionSentence, keptSentences, problemSentences, unreachableSentence } from '../move/wording.ts';
import { section } from '../remote.ts';
import type { RunOrder } from '../run-order.ts';
import { type TransferTools, transfer } from '../transfer.ts';

/**
 * A MOVE is a copy, and then the removal of exactly those files at the source that the copy has sent or shown equal, and
 * that are as they were before it began. docs/adr/0018 says why rclone's own move is not used.
 */
export async function runMove(order: RunOrder, job: Job, tools: TransferTools): Promise<Ending> {
  if (commitsLater(tools)) return endedEarly('Blocked', commitsLaterSentence);
  const features = await readFeatures(tools.binary, tools.rcloneEnvironment, farPlace(order, job), tools.signal);
  if (!features.ok) return endedByFailure({ ...features.error, message: tools.redact(features.error.message) });
  const safe = withSafeComparison(order, job, features.value);
  const source = await openSource(order, safe, features.value, tools);
  if ('outcome' in source) return source;
  const collisions = await findCollisions(safe, source.sharedFolds, features.value, tools);
  const refusal = refusalOf(order, source, collisions);
  if (refusal !== null) return endedEarly('Blocked', refusal);
  if (order.dryRun) return transfer(order, safe, tools);
  const foldsCase = await isKnownToFoldCase(safe.transfer.destination, features.value);
  return moveFiles(order, safe, { source, foldsCase }, tools);
}

/** Dropbox and Google Photos can be told to take files and say later whether they were kept. */
function commitsLater({ rcloneEnvironment }: TransferTools): boolean {
  return rcloneEnvironment[`RCLONE_CONFIG_${section.toUpperCase()}_BATCH_MODE`] === 'async';
}

const commitsLaterSentence =
  'with batch_mode: async, rclone calls a file sent before the provider has kept it, and MOVE would delete it at the ' +
  'source; set batch_mode to sync in the credential';

function farPlace({ task: { spec } }: RunOrder, { transfer: { source, destination } }: Job): string {
  return spec.direction === 'PUSH' ? destination : source;
}

/**
 * Where the sides have neither times nor hashes in common, rclone takes a file for equal because of its size: then every
 * file is sent, whatever is there. The same through encryption: size and time are those of the encrypted file, which may
 * have been written with another key.
 */
function withSafeComparison({ task: { spec } }: RunOrder, job: Job, features: RemoteFeatures): Job {
  const { flags } = job.transfer;
  if (spec.encryption === null && comparedBy(features, flags) !== 'size') return job;
  return { ...job, transfer: { ...job.transfer, flags: { ...flags, 'ignore-times': true } } };
}

async function openSource(
  { task: { spec } }: RunOrder,
  job: Job,
  features: RemoteFeatures,
  tools: TransferTools,
): Promise<MoveSource | Ending> {
  if (spec.direction === 'PUSH') {
    const { source: root, followSymlinks } = job.transfer;
    const selection = isWhole(spec.paths, root) ? null : spec.paths.map((path) => basename(path));
    return openLocalSource({ root, selection, followSymlinks }, tools.signal);
  }
  const chosen = spec.include.length + spec.exclude.length > 0;
  const opened = await openFarSource(job, { features, chosen }, tools);
  return opened.ok ? opened.value : endedByFailure(opened.error);
}

function isWhole(paths: readonly string[], root: string): boolean {
  return paths.length === 1 && paths[0] === root;
}

function refusalOf(
  { task: { spec } }: RunOrder,
  { unreachable }: MoveSource,
  refused: readonly Collision[],
): string | null {
  const [first] = refused;
  if (first !== undefined) return collisionSentence(first, refused.length - 1, farName(spec));
  return unreachable.length === 0 ? null : unreachableSentence(unreachable, farName(spec));
}

interface Moving {
  readonly source: MoveSource;
  /** Whether the destination is known to take names that differ only in case for one. */
  readonly foldsCase: boolean;
}

async function moveFiles(
  order: RunOrder,
  job: Job,
  { source, foldsCase }: Moving,
  tools: TransferTools,
): Promise<Ending> {
  const sizeOnly: string[] = [];
  let isAnyProven = false;
  const onProven = (name: string) => {
    isAnyProven = true;
    source.proven(name);
  };
  const proofs = createProofs({ onProven, onSizeOnly: (name) => sizeOnly.push(name) });
  // At the level of debugging, rclone names also the files that it leaves as they are.
  const copy = { ...job, verbose: true, transfer: { ...job.transfer, operation: 'copy' as const } };
  const ending = await transfer(order, copy, tools, proofs.add);
  if (!isAfterCopy(ending) || tools.signal.aborted) return ending;
  const found = isAnyProven ? await findArrivals(copy, foldsCase, tools) : noArrivals();
  if (tools.signal.aborted) return cutShort(ending, stopped(order.task.spec, tools.signal));
  const about = { task: order.task.name, runId: order.runId };
  const removal = await source.remove(found.arrivals, (path) => {
    tools.emit({ type: 'RunChange', ...about, change: { action: 'delete', path } });
  });
  const moved = withRemoval(ending, { removal, found, sizeOnly });
  const { spec } = order.task;
  if (tools.signal.aborted) return cutShort(moved, stopped(spec, tools.signal));
  if (spec.deleteEmptySourceDirectories !== true || !isSuccess(moved.outcome)) return moved;
  const left = await removeEmptyDirectories(spec, job, tools, (path) => {
    tools.emit({ type: 'RunChange', ...about, change: { action: 'rmdir', path } });
  });
  if (left.length === 0) return moved;
  return { ...moved, outcome: 'SucceededWithWarnings', warnings: [...moved.warnings, ...left] };
}

/** What was sent is still at the source, in part: a success would be a lie. */
function cutShort(moved: Ending, { outcome, lastError }: Ending): Ending {
  return { ...moved, outcome, lastError, retryable: false };
}

/** What is proven is proven also where the copy failed for other files. */
function isAfterCopy({ outcome }: Ending): boolean {
  return isSuccess(outcome) || outcome === 'Failed' || outcome === 'LimitReached';
}

interface Aftermath {
  readonly removal: Removal;
  readonly found: FoundArrivals;
  readonly sizeOnly: readonly string[];
}

function withRemoval(ending: Ending, { removal, found, sizeOnly }: Aftermath): Ending {
  const { removed, kept, failures } = removal;
  const problems = problemSentences({ failures, found, sizeOnly });
  const stats = { ...ending.stats, deletes: ending.stats.deletes + removed };
  const warnings = [...ending.warnings, ...keptSentences(kept)];
  if (problems.length > 0 && isSuccess(ending.outcome)) {
    return { ...ending, stats, warnings, outcome: 'Failed', lastError: problems.join('; '), retryable: false };
  }
  const outcome = ending.outcome === 'Succeeded' && warnings.length > 0 ? 'SucceededWithWarnings' : ending.outcome;
  return { ...ending, stats, outcome, warnings: [...warnings, ...problems] };
}
