import {
  type CheckCounts,
  type CheckedFile,
  type CheckMethod,
  type CheckSample,
  type CheckVerdict,
  checkMethods,
  type EqualBy,
  maxCheckedFiles,
} from '../model/check.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { plural } from '../model/wording.ts';
import type { CheckFinding } from './check-task.ts';
import type { Compared } from './compare.ts';

/** All that a check has seen. */
export interface Seen {
  readonly compared: Compared;
  readonly collisions: readonly CheckedFile[];
  readonly sample: CheckSample | null;
  readonly timeoutMs: number | null;
}

/** What a check has seen, judged: nothing is called equal that nobody compared. */
export function finding(
  { spec }: Pick<ResolvedTask, 'spec'>,
  { compared, collisions, sample, timeoutMs }: Seen,
): CheckFinding {
  const { tally, equalBy } = compared;
  const counts: CheckCounts = { ...tally.counts, errors: Math.max(tally.counts.errors, tally.troubles) };
  const files = [...(sample?.failed ?? []), ...collisions, ...tally.files].slice(0, maxCheckedFiles);
  const method = weakestOf(equalBy);
  const found = { counts, equalBy, method, files, warnings: warningsOf(counts, tally.leftOut), sample };
  const sentence = [
    countSentence(counts, equalBy, spec.transferMode === 'COPY'),
    ...(sample === null ? [] : [sampleSentence(sample)]),
    ...found.warnings,
  ].join('; ');

  const trouble = troubleOf(compared, counts, timeoutMs) ?? unreadIn(sample);
  if (trouble !== null)
    return { ...found, verdict: 'Failed', message: `the check is not complete: ${trouble}; ${sentence}` };
  const nothing = counts.equal + counts.differing + counts.missing === 0 && counts.extra > 0;
  const message = nothing ? `the source holds no file to compare; ${sentence}` : sentence;
  return { ...found, verdict: verdictOf(spec.transferMode === 'SYNC', nothing, counts, method, sample), message };
}

function weakestOf(equalBy: EqualBy): CheckMethod {
  return checkMethods.findLast((method) => equalBy[method] > 0) ?? 'hash';
}

function verdictOf(
  extraCounts: boolean,
  nothing: boolean,
  { differing, missing, extra, passedOver, leftOut }: CheckCounts,
  method: CheckMethod,
  sample: CheckSample | null,
): CheckVerdict {
  const others = differing + missing + passedOver + (extraCounts ? extra : 0) + (sample?.failed.length ?? 0);
  if (nothing || others > 0) return 'Different';
  if (method === 'size') return 'SizesEqual';
  return leftOut > 0 ? 'EqualWithWarnings' : 'Equal';
}

/** Why it cannot be told; `null`: everything was compared. */
function troubleOf({ error, late }: Compared, counts: CheckCounts, timeoutMs: number | null): string | null {
  if (late) return `it took longer than the timeout of ${(timeoutMs ?? 0) / 1000} s`;
  const { differing, missing, extra, errors } = counts;
  if (errors === 0 && (error === null || differing + missing + extra > 0)) return null;
  return error ?? plural(errors, 'error');
}

function unreadIn(sample: CheckSample | null): string | null {
  const unread = (sample?.failed ?? []).filter(({ found }) => found === 'error');
  const [first] = unread;
  return first === undefined ? null : `${first.path}: ${first.detail ?? 'its copy could not be read'}`;
}

function countSentence(
  { equal, differing, missing, extra, errors, passedOver }: CheckCounts,
  equalBy: EqualBy,
  extraIsKept: boolean,
): string {
  return [
    `${equal} equal${waysOf(equal, equalBy)}, ${differing} differing, ${missing} missing and ${extra} extra at the destination`,
    ...(extraIsKept && extra > 0 ? [' (which COPY leaves there)'] : []),
    ...(passedOver > 0 ? [`, ${plural(passedOver, 'name')} that rclone passes over`] : []),
    ...(errors > 0 ? [`, ${plural(errors, 'error')}`] : []),
  ].join('');
}

function waysOf(equal: number, equalBy: EqualBy): string {
  if (equal === 0) return '';
  const used = checkMethods.filter((method) => equalBy[method] > 0);
  const [only] = used;
  if (used.length > 1) return ` (${used.map((method) => `${equalBy[method]} by ${method}`).join(', ')})`;
  return only === 'size' ? ' by size only, as the two sides have no hash in common' : ` by ${only ?? 'hash'}`;
}

function sampleSentence({ read, equal, changed }: CheckSample): string {
  const since = changed === 0 ? '' : ` (${plural(changed, 'file')} changed since the last run left out)`;
  if (read === 0) return `no file could be read back${since}`;
  const result = equal === read ? 'all equal' : `${read - equal} not equal`;
  return `${plural(read, 'random file')} read back in full, ${result}${since}`;
}

function warningsOf({ leftOut }: CheckCounts, names: readonly string[]): readonly string[] {
  if (leftOut === 0) return [];
  const more = leftOut > names.length ? ` and ${leftOut - names.length} more` : '';
  return [`left out: ${names.join(', ')}${more}`];
}
