import {
  type CheckedRun,
  type CheckOrder,
  type CheckRecord,
  type CheckSample,
  noCounts,
  noneEqual,
} from '../model/check.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { noMemory, noPen } from '../model/memory.ts';
import { err, ok, type Result } from '../model/result.ts';
import { createSampler } from '../model/sample.ts';
import type { Comparison } from '../rclone/comparison.ts';
import { passingFlags } from '../rclone/passing-flag.ts';
import { finding } from './check-finding.ts';
import { type ChosenFiles, chooseFiles, withUnseen } from './chosen-files.ts';
import { collidingFiles } from './collision.ts';
import { type CompareContext, type Compared, compare } from './compare.ts';
import { type Doubted, suspectsOf, withDoubted } from './cut-off/doubted.ts';
import type { SuspectFile } from './cut-off/find.ts';
import { readBack } from './drill.ts';
import { type FarSide, openFarSide } from './far-side.ts';
import { guardRun } from './guard/guard.ts';
import { surroundingsOf } from './guard/surroundings.ts';
import type { LookFailure } from './guard/verdict.ts';
import { type LocalSide, readLocalSide } from './local-side.ts';
import type { RunTools } from './run-order.ts';

export type CheckTools = Omit<RunTools, 'onSpawned' | 'onAttempt' | 'memory'>;

/** What is checked, besides the task. */
export interface CheckAbout extends CheckOrder {
  readonly runId: string;
  readonly run: CheckedRun | null;
  /** When the last success began: what is older at the source should be at the destination. `null`: there was none. */
  readonly lastSuccessAt: number | null;
}

/** What a check found, before it is recorded. */
export type CheckFinding = Pick<
  CheckRecord,
  'verdict' | 'counts' | 'method' | 'equalBy' | 'message' | 'files' | 'warnings' | 'sample'
>;

/** Compares both sides of a task, by its filters and through its encryption. Changes nothing, throws nothing. */
export async function checkTask(task: ResolvedTask, about: CheckAbout, tools: CheckTools): Promise<CheckFinding> {
  const startedAt = tools.clock.now();
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
  const sides: Sides = { task, about, local: local.value, far, chosen: chosen.value, endsAt: endOf(task, startedAt) };
  const size = about.download ? 0 : (about.sample ?? task.spec.verify?.sample ?? 0);
  // Some may turn out to have been changed since the last run.
  const sampler = createSampler(size * 2, about.runId);
  const suspects = await suspectsAtBoth(sides, tools);
  if (tools.signal.aborted) return stoppedCheck;
  if (!suspects.ok) return failedCheck(suspects.error.message);
  const doubted = { source: new Set<string>(), destination: new Set<string>() };
  const compared = await compareSides(sides, tools, ({ found, path }) => {
    if (found !== 'equal') return;
    sampler.offer(path);
    if (suspects.value.source.has(path)) doubted.source.add(path);
    if (suspects.value.destination.has(path)) doubted.destination.add(path);
  });
  if (compared.stopped) return stoppedCheck;
  const collisions = await collidingFiles(compared.tally.collisions, task, local.value, far);
  const sample = await drill(sides, { names: sampler.chosen(), size, startedAt }, tools);
  if (tools.signal.aborted && sample === null && size > 0) return stoppedCheck;
  const seen = withDoubted(withUnseen(compared, chosen.value), doubted);
  return finding(task, { compared: seen, collisions, sample, timeoutMs: task.spec.timeoutMs });
}

export const stoppedCheck: CheckFinding = { ...failedCheck('the check was stopped'), verdict: 'Stopped' };

const nothingInLimits = 'no file at the source is within the limits of the task for age and size';

const nothingChosen: CheckFinding = {
  ...failedCheck(nothingInLimits),
  verdict: 'EqualWithWarnings',
  warnings: [nothingInLimits],
};

export function failedCheck(message: string): CheckFinding {
  return {
    verdict: 'Failed',
    counts: noCounts,
    method: 'hash',
    equalBy: noneEqual,
    message,
    files: [],
    warnings: [],
    sample: null,
  };
}

function endOf({ spec: { timeoutMs } }: ResolvedTask, startedAt: number): number | null {
  return timeoutMs === null ? null : startedAt + timeoutMs;
}

/** A wrong password, a missing source and a link that is not followed would each look like something else. */
async function guard(
  task: ResolvedTask,
  local: LocalSide,
  { remote, look, binary, environment, redact }: FarSide,
  tools: CheckTools,
): Promise<Result<void, string>> {
  const verdict = await guardRun({
    task: { ...task, spec: { ...task.spec, transferMode: 'COPY' } },
    local,
    remote: remote.path,
    plainRemote: remote.plainPath,
    key: remote.key,
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
  readonly task: ResolvedTask;
  readonly about: CheckAbout;
  readonly local: LocalSide;
  readonly far: FarSide;
  readonly chosen: ChosenFiles;
  /** One timeout covers everything that a check does; `null`: as long as it takes. */
  readonly endsAt: number | null;
}

/** What runs may have left cut off at either side. */
async function suspectsAtBoth(
  { task, local, far, chosen }: Sides,
  tools: CheckTools,
): Promise<Result<Doubted, LookFailure>> {
  const options = task.spec.followSymlinks ? ['--copy-links'] : [];
  const only = chosen.listed === null && chosen.input !== null ? { filters: chosen.input } : null;
  const here = await suspectsOf(task, 'here', { place: local.root, only, options }, far, tools);
  if (!here.ok) return here;
  const there = await suspectsOf(task, 'far', { place: far.remote.path, only, options }, far, tools);
  if (!there.ok) return there;
  const [source, destination] = task.spec.direction === 'PUSH' ? [here, there] : [there, here];
  const pathsOf = (files: readonly SuspectFile[]) => new Set(files.map(({ path }) => path));
  return ok({ source: pathsOf(source.value), destination: pathsOf(destination.value) });
}

/** Before 1.66, rclone tells only at the level of debugging that it cannot decrypt a name. */
function comparisonOf({ task: { spec }, local, far }: Sides): Comparison {
  const [major, minor] = far.binary.version;
  return {
    operation: 'check',
    source: spec.direction === 'PUSH' ? local.root : far.remote.path,
    destination: spec.direction === 'PUSH' ? far.remote.path : local.root,
    by: 'hash',
    oneWay: false,
    bandwidthLimit: spec.bandwidthLimit,
    followSymlinks: spec.followSymlinks,
    fastList: spec.fastList,
    input: 'nothing',
    flags: passingFlags(spec.rcloneFlags),
    verbose: far.remote.leavesOutQuietly || (spec.encryption !== null && major === 1 && minor < 66),
  };
}

function contextOf({ task, about: { runId }, far, endsAt }: Sides, { clock }: CheckTools) {
  return { task: task.name, runId, timeoutMs: endsAt === null ? null : endsAt - clock.now(), far };
}

/** Nothing is downloaded unless somebody asks for it; of what is encrypted, the remote below may have hashes. */
async function compareSides(
  sides: Sides,
  tools: CheckTools,
  onFile: CompareContext['onFile'] & object,
): Promise<Compared> {
  const { task, about, local, far, chosen } = sides;
  const plain: Comparison = { ...comparisonOf(sides), input: inputOf(chosen) };
  const context = { ...contextOf(sides, tools), input: chosen.input, onFile };
  if (about.download) return compare({ ...plain, by: 'content' }, { ...context, swapped: false }, tools);
  if (task.spec.encryption === null) return compare(plain, { ...context, swapped: false }, tools);

  const encrypted: Comparison = {
    ...plain,
    operation: 'cryptcheck',
    source: local.root,
    destination: far.remote.path,
  };
  const swapped = task.spec.direction === 'PULL';
  const compared = await compare(encrypted, { ...context, swapped }, tools);
  return compared.noHashes ? compare(plain, { ...context, swapped: false }, tools) : compared;
}

function inputOf({ input, listed }: ChosenFiles): Comparison['input'] {
  if (input === null) return 'nothing';
  return listed === null ? 'filters' : 'names';
}

interface Draw {
  readonly names: readonly string[];
  readonly size: number;
  readonly startedAt: number;
}

function drill(sides: Sides, { names, size, startedAt }: Draw, tools: CheckTools): Promise<CheckSample | null> {
  const { about, local } = sides;
  if (size === 0) return Promise.resolve(null);
  const comparison: Comparison = { ...comparisonOf(sides), by: 'content', input: 'names' };
  const unchangedSince = about.lastSuccessAt ?? startedAt;
  const chosen = { names, size, seed: about.runId, root: local.root, unchangedSince };
  return readBack(comparison, chosen, contextOf(sides, tools), tools);
}
