import type { ResolvedTask } from '../../model/desired.ts';
import type { RestoreOrder } from '../../model/restore.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { filterRules } from '../../rclone/arguments.ts';
import type { Comparison } from '../../rclone/comparison.ts';
import { noLimits } from '../../rclone/limit-arguments.ts';
import { listFiles } from '../../rclone/list-files.ts';
import type { RcloneFailure } from '../../rclone/short-run.ts';
import { compare } from '../compare.ts';
import type { FarSide } from '../far-side.ts';
import type { RunTools } from '../run-order.ts';

/** Which files of the source a restore is about, for rclone's standard input. */
export interface Choice {
  readonly kind: 'filters' | 'names';
  /** `null`: all files. */
  readonly input: string | null;
  /** How many files there are; `null`: nobody has counted them. */
  readonly count: number | null;
}

/**
 * What the task selects and the order asks for. Two lists of includes cannot become one list of rules, in which the
 * first match wins, so that rclone lists the files of each and those in both are taken.
 */
export async function chooseWanted(
  { spec }: ResolvedTask,
  { include }: RestoreOrder,
  {
    source,
    selection,
    far,
  }: { readonly source: string; readonly selection: readonly string[] | null; readonly far: FarSide },
  signal: AbortSignal,
): Promise<Result<Choice, RcloneFailure>> {
  if (include.length === 0) return ok({ kind: 'filters', input: filterRules(spec, selection), count: null });
  const order = {
    place: source,
    limits: noLimits,
    followSymlinks: false,
    fastList: spec.fastList,
    verbose: far.remote.leavesOutQuietly,
  };
  const list = (filters: string | null) => listFiles(far.binary.path, far.environment, { ...order, filters }, signal);
  const own = await list(filterRules(spec.include.length === 0 ? { ...spec, include } : spec, selection));
  if (!own.ok) return err({ ...own.error, message: far.redact(own.error.message) });
  if (spec.include.length === 0) return ok(choiceOf(own.value));
  const asked = await list(filterRules({ include, exclude: [] }, null));
  if (!asked.ok) return err({ ...asked.error, message: far.redact(asked.error.message) });
  const among = new Set(asked.value);
  return ok(choiceOf(own.value.filter((path) => among.has(path))));
}

function choiceOf(paths: readonly string[]): Choice {
  return { kind: 'names', input: namesInput(paths), count: paths.length };
}

export function namesInput(paths: readonly string[]): string {
  return paths.map((path) => `${path}\n`).join('');
}

/** How the directory of a restore compares with the source, by names and sizes. */
export interface Difference {
  /** At the source only. */
  readonly missing: readonly string[];
  /** On both sides, with another size. */
  readonly other: readonly string[];
  readonly same: number;
}

interface DifferenceOrder {
  readonly task: ResolvedTask;
  readonly runId: string;
  readonly source: string;
  readonly directory: string;
  readonly choice: Choice;
  readonly far: FarSide;
}

/** rclone has compared the hash of each file that it brought; here every file is looked for. Fails with a sentence. */
export async function differenceOf(
  { task, runId, source, directory, choice, far }: DifferenceOrder,
  tools: Pick<RunTools, 'clock' | 'emit' | 'signal'>,
): Promise<Result<Difference, string>> {
  const { spec } = task;
  const comparison: Comparison = {
    operation: 'check',
    source,
    destination: directory,
    by: 'size',
    oneWay: true,
    bandwidthLimit: spec.bandwidthLimit,
    followSymlinks: false,
    fastList: spec.fastList,
    input: choice.input === null ? 'nothing' : choice.kind,
    flags: spec.rcloneFlags,
    verbose: far.remote.leavesOutQuietly,
  };
  const missing: string[] = [];
  const other: string[] = [];
  const context = { task: task.name, runId, timeoutMs: null, input: choice.input, far, swapped: false };
  const { tally, error } = await compare(
    comparison,
    {
      ...context,
      onFile({ found, path }) {
        if (found === 'missing') missing.push(path);
        if (found === 'differing') other.push(path);
      },
    },
    tools,
  );
  const { counts, troubles } = tally;
  const isComplete = counts.errors === 0 && troubles === 0 && (error === null || missing.length + other.length > 0);
  if (!isComplete) return err(error ?? 'some files could not be looked at');
  return ok({ missing, other, same: counts.equal });
}
