import { type CheckCounts, type CheckRecord, type CheckVerdict, noCounts } from '../model/check.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { noMemory, noPen } from '../model/memory.ts';
import { err, ok, type Result } from '../model/result.ts';
import { plural } from '../model/wording.ts';
import type { Comparison } from '../rclone/comparison.ts';
import { passingFlags } from '../rclone/passing-flag.ts';
import { type ChosenFiles, chooseFiles, withUnseen } from './chosen-files.ts';
import { type Compared, compare } from './compare.ts';
import { type FarSide, openFarSide } from './far-side.ts';
import { guardRun } from './guard/guard.ts';
import { surroundingsOf } from './guard/surroundings.ts';
import { type LocalSide, readLocalSide } from './local-side.ts';
import type { RunTools } from './run-order.ts';

export type CheckTools = Omit<RunTools, 'onSpawned' | 'onAttempt' | 'memory'>;

/** What a check found, before it is recorded. */
export type CheckFinding = Pick<CheckRecord, 'verdict' | 'counts' | 'method' | 'message' | 'files'>;

/** Compares both sides of a task, by its filters and through its encryption. Changes nothing, throws nothing. */
export async function checkTask(task: ResolvedTask, runId: string, tools: CheckTools): Promise<CheckFinding> {
  if (task.spec.transferMode === 'MOVE') {
    return failedCheck('the task is a MOVE, which empties its source: there is nothing left to compare with');
  }
  const local = await readLocalSide(task.spec);
  if (!local.ok) return failedCheck(local.error);
  const opened = await openFarSide(task, tools);
  if (!opened.ok) return failedCheck(opened.error.message);
  await using far = opened.value;
  const guarded = await guard(task, local.value, far, tools);
  if (tools.signal.aborted) return stoppedCheck;
  if (!guarded.ok) return failedCheck(guarded.error);
  const chosen = await chooseFiles(task.spec, local.value, far, tools.signal);
  if (tools.signal.aborted) return stoppedCheck;
  if (!chosen.ok) return failedCheck(chosen.error);
  if (chosen.value.listed === 0) return nothingChosen;
  const compared = await compareSides(task, { local: local.value, far, chosen: chosen.value, runId }, tools);
  return compared.stopped ? stoppedCheck : judge(task, withUnseen(compared, chosen.value));
}

export const stoppedCheck: CheckFinding = { ...failedCheck('the check was stopped'), verdict: 'Stopped' };

const nothingChosen: CheckFinding = {
  ...failedCheck('no file at the source is within the limits of the task for age and size'),
  verdict: 'Equal',
};

export function failedCheck(message: string): CheckFinding {
  return { verdict: 'Failed', counts: noCounts, method: 'hash', message, files: [] };
}

/** A wrong password, a missing source and a link that is not followed would each look like something else. */
async function guard(
  task: ResolvedTask,
  local: LocalSide,
  far: FarSide,
  tools: CheckTools,
): Promise<Result<void, string>> {
  const { binary, environment, redact, look } = far;
  const verdict = await guardRun({
    task: { ...task, spec: { ...task.spec, transferMode: 'COPY' } },
    local,
    remote: far.remote.path,
    plainRemote: far.remote.plainPath,
    look,
    dryRun: true,
    memory: noMemory,
    pen: noPen,
    rclone: { binary: binary.path, environment, redact, signal: tools.signal },
    around: surroundingsOf(tools),
  });
  return verdict.kind === 'pass' ? ok(undefined) : err(verdict.message);
}

interface Sides {
  readonly local: LocalSide;
  readonly far: FarSide;
  readonly chosen: ChosenFiles;
  readonly runId: string;
}

/** Hashes of what is encrypted can be compared where the remote below keeps hashes; elsewhere every file is read. */
async function compareSides(
  task: ResolvedTask,
  { local, far, chosen, runId }: Sides,
  tools: CheckTools,
): Promise<Compared> {
  const { spec } = task;
  const pushes = spec.direction === 'PUSH';
  const ways: Pick<
    Comparison,
    'bandwidthLimit' | 'followSymlinks' | 'fastList' | 'hasFilters' | 'onlyListed' | 'flags'
  > = {
    ...{ bandwidthLimit: spec.bandwidthLimit, followSymlinks: spec.followSymlinks, fastList: spec.fastList },
    hasFilters: chosen.input !== null,
    onlyListed: chosen.listed !== null,
    flags: passingFlags(spec.rcloneFlags),
  };
  const context = { task: task.name, runId, timeoutMs: spec.timeoutMs, filters: chosen.input, far };
  const straight = pushes
    ? { source: local.root, destination: far.remote.path }
    : { source: far.remote.path, destination: local.root };
  const read: Comparison = { ...ways, ...straight, operation: 'check', download: spec.encryption !== null };
  if (spec.encryption === null) return compare(read, { ...context, swapped: false }, tools);

  const hashed: Comparison = {
    ...{ ...read, operation: 'cryptcheck', download: false },
    ...{ source: local.root, destination: far.remote.path },
  };
  const compared = await compare(hashed, { ...context, swapped: !pushes }, tools);
  return compared.noHashes ? compare(read, { ...context, swapped: false }, tools) : compared;
}

function judge({ spec }: ResolvedTask, { tally, error, method }: Compared): CheckFinding {
  const errors = Math.max(tally.counts.errors, tally.troubles);
  const counts: CheckCounts = { ...tally.counts, errors };
  const found = { counts, method, files: tally.files };
  const { equal, differing, missing, extra } = counts;
  const sentence = countSentence(counts, spec.transferMode === 'COPY');
  if (errors > 0 || (error !== null && differing + missing + extra === 0)) {
    return { ...found, verdict: 'Failed', message: `the check is not complete: ${error ?? 'errors'}; ${sentence}` };
  }
  const nothing = equal + differing + missing === 0 && extra > 0;
  const message = nothing ? `the source holds no file to compare; ${sentence}` : sentence;
  const different = nothing || differing + missing + (spec.transferMode === 'SYNC' ? extra : 0) > 0;
  const verdict: CheckVerdict = different ? 'Different' : 'Equal';
  const bySize = method === 'size' ? '; only sizes were compared, as the two sides have no hash in common' : '';
  return { ...found, verdict, message: `${message}${bySize}` };
}

function countSentence({ equal, differing, missing, extra, errors }: CheckCounts, extraIsKept: boolean): string {
  return [
    `${equal} equal, ${differing} differing, ${missing} missing and ${extra} extra at the destination`,
    ...(extraIsKept && extra > 0 ? [' (which COPY leaves there)'] : []),
    ...(errors > 0 ? [`, ${plural(errors, 'error')}`] : []),
  ].join('');
}
