import type { CutOff, CutOffs } from '../../model/cut-off.ts';
import type { ResolvedTask } from '../../model/desired.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { Place } from '../../place/place.ts';
import { isOverlap } from '../../place/relation.ts';
import { filterRules } from '../../rclone/arguments.ts';
import { type FileListing, listFiles } from '../../rclone/file-listing.ts';
import { limitArguments } from '../../rclone/limit-arguments.ts';
import type { LookFailure, RcloneUse } from '../guard/verdict.ts';
import type { Job } from '../job.ts';
import type { RunTools } from '../run-order.ts';
import { placesOfTask } from '../task-places.ts';
import type { TransferTools } from '../transfer.ts';
import { isSuspect, type Suspicion } from './suspects.ts';
import { relationToWritten } from './written-place.ts';

export interface SidePlaces {
  readonly here: readonly Place[];
  readonly far: readonly Place[];
}

/** The roots of both sides. The error is a sentence. */
export async function rootsOf(
  task: Pick<ResolvedTask, 'spec' | 'credential'>,
  environment: NodeJS.ProcessEnv,
): Promise<Result<SidePlaces, string>> {
  const places = await placesOfTask(task, environment, null);
  if (!places.ok) return places;
  const { local, far } = places.value;
  return ok({ here: local.flatMap((side) => side.places), far: far.flatMap((side) => side.places) });
}

/** The runs that may have left something cut off at a side of a task. */
export async function suspicionsAt(
  side: 'here' | 'far',
  task: ResolvedTask,
  { cutOffs, environment }: Pick<RunTools, 'cutOffs' | 'environment'>,
): Promise<Result<readonly Suspicion[], string>> {
  const all = await cutOffs.all();
  if (all.length === 0) return ok([]);
  const roots = await rootsOf(task, environment);
  if (!roots.ok) return roots;
  const found: Suspicion[] = [];
  for (const cutOff of all) {
    const relations = await Promise.all(
      cutOff.places.flatMap((written) => roots.value[side].map((place) => relationToWritten(written, place))),
    );
    if (!relations.some(isOverlap)) continue;
    const named = relations.every((each) => each === 'same') && isSameView(cutOff, task);
    found.push({ cutOff, named, covered: relations.every((each) => each === 'same' || each === 'inside') });
  }
  return ok(found);
}

/** Through another key the same files have other names. */
function isSameView({ specHash, encrypted }: CutOff, task: ResolvedTask): boolean {
  return specHash === task.specHash || (!encrypted && task.spec.encryption === null);
}

export function rcloneOf({ binary, rcloneEnvironment, redact, signal }: TransferTools): RcloneUse {
  return { binary, environment: rcloneEnvironment, redact, signal };
}

/** How a side of a task is listed: what its job takes there, or all that there is. */
export function listingOf(side: 'source' | 'destination', { filters, transfer }: Job, all: boolean): FileListing {
  const { followSymlinks, fastList, limits } = transfer;
  return {
    place: transfer[side],
    only: { filters: all || filters === null ? filterRules({ include: [], exclude: [] }, null) : filters },
    options: [
      ...(side === 'source' && !all ? limitArguments(limits) : []),
      ...(followSymlinks ? ['--copy-links'] : []),
      ...(fastList ? ['--fast-list'] : []),
    ],
  };
}

export interface SuspectFile {
  readonly path: string;
  /** At least one. */
  readonly by: readonly Suspicion[];
}

/** Lists a place for files that may be cut off, as far as the listing is to show them. */
export async function findSuspects(
  suspicions: readonly Suspicion[],
  listing: FileListing,
  { binary, environment, redact, signal }: RcloneUse,
): Promise<Result<readonly SuspectFile[], LookFailure>> {
  if (suspicions.length === 0) return ok([]);
  const found: SuspectFile[] = [];
  const end = await listFiles(binary, environment, listing, signal, (file) => {
    const by = suspicions.filter((each) => isSuspect(each, file));
    if (by.length > 0) found.push({ path: file.path, by });
  });
  if (end.error === null || end.missing) return ok(found);
  return err({ message: redact(end.error), retryable: end.retryable, expired: end.expired });
}

/** Forgets the runs of which nothing is left at a place: it was written again, changed or removed. */
export async function forgetSettled(
  suspicions: readonly Suspicion[],
  listing: FileListing,
  cutOffs: CutOffs,
  rclone: RcloneUse,
): Promise<void> {
  const covered = suspicions.filter((suspicion) => suspicion.covered);
  const found = await findSuspects(covered, listing, rclone);
  if (!found.ok) return;
  const left = new Set(found.value.flatMap(({ by }) => by));
  await cutOffs.drop(covered.filter((each) => !left.has(each)).map(({ cutOff }) => cutOff.runId));
}
