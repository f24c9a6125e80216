import { err, ok, type Result } from '../model/result.ts';
import type { TaskSpec } from '../model/task.ts';
import { plural } from '../model/wording.ts';
import { filterRules } from '../rclone/arguments.ts';
import { hasLimits, limitsOf } from '../rclone/limit-arguments.ts';
import { listFiles } from '../rclone/list-files.ts';
import type { Compared } from './compare.ts';
import type { FarSide } from './far-side.ts';
import type { LocalSide } from './local-side.ts';

/** Which files a comparison is about. */
export interface ChosenFiles {
  /** For rclone's standard input: rules, or the paths themselves; `null`: all files. */
  readonly input: string | null;
  /** How many paths the input lists; `null`: it holds rules. */
  readonly listed: number | null;
}

/**
 * What a run of the task would take. Limits for age and size are about the source alone, but rclone applies them to
 * both sides: a file that the destination dates later, or holds cut off, would seem to be missing there. So the source
 * is listed, and these files are compared. The error is a sentence.
 */
export async function chooseFiles(
  spec: TaskSpec,
  local: LocalSide,
  { binary, environment, remote, redact }: FarSide,
  signal: AbortSignal,
): Promise<Result<ChosenFiles, string>> {
  const filters = filterRules(spec, local.selection);
  const limits = limitsOf(spec);
  if (!hasLimits(limits)) return ok({ input: filters, listed: null });
  const { followSymlinks, fastList } = spec;
  const place = spec.direction === 'PUSH' ? local.root : remote.path;
  const verbose = remote.leavesOutQuietly && spec.direction === 'PULL';
  const order = { place, filters, limits, followSymlinks, fastList, verbose };
  const files = await listFiles(binary.path, environment, order, signal);
  if (!files.ok) return err(redact(files.error.message));
  return ok({ input: files.value.map((path) => `${path}\n`).join(''), listed: files.value.length });
}

/** rclone passes over a listed file that it finds at neither side, and such a comparison has not seen everything. */
export function withUnseen(compared: Compared, { listed }: ChosenFiles): Compared {
  const { equal, differing, missing, errors, passedOver } = compared.tally.counts;
  const unseen = listed === null ? 0 : listed - (equal + differing + missing + errors + passedOver);
  if (unseen <= 0 || compared.stopped) return compared;
  const tally = { ...compared.tally, troubles: compared.tally.troubles + unseen };
  const sentence = `${plural(unseen, 'file')} of the source went away before ${unseen === 1 ? 'it was' : 'they were'} compared`;
  return { ...compared, tally, error: compared.error ?? sentence };
}
