import type { CheckCounts, CheckedFile } from '../model/check.ts';
import { maxCheckedFiles, noCounts } from '../model/check.ts';
import type { BandwidthSlot, TaskSpec } from '../model/task.ts';
import { formatBandwidth } from './bandwidth.ts';
import { flagArguments } from './flag.ts';
import type { LogLine } from './log-line.ts';

/** Two sides that rclone compares, each a local path or `name:path`. */
export interface Comparison {
  /** `cryptcheck` compares hashes of what is encrypted; its destination must be the encrypted side. */
  readonly operation: 'check' | 'cryptcheck';
  readonly source: string;
  readonly destination: string;
  /** Reads every file on both sides, where there are no hashes to compare. */
  readonly download: boolean;
  readonly bandwidthLimit: readonly BandwidthSlot[];
  readonly followSymlinks: boolean;
  readonly fastList: boolean;
  /** The rules come in on standard input. */
  readonly hasFilters: boolean;
  /** In place of rules, the paths of the files to compare come in on standard input. */
  readonly onlyListed: boolean;
  readonly flags: TaskSpec['rcloneFlags'];
}

/**
 * The arguments for rclone, which then prints a line for each file on standard output. `--one-way` is not among them:
 * with it, what is at the destination only would count as nothing, also where it is worth knowing.
 */
export function comparisonArguments(comparison: Comparison): readonly string[] {
  const bandwidth = formatBandwidth(comparison.bandwidthLimit);
  return [
    ...[comparison.operation, '--combined', '-', '--use-json-log'],
    ...['--stats', '1s', '--stats-log-level', 'NOTICE', '--retries', '1'],
    ...(comparison.download ? ['--download'] : []),
    ...(bandwidth === null ? [] : ['--bwlimit', bandwidth]),
    ...(comparison.followSymlinks ? ['--copy-links'] : []),
    ...(comparison.fastList ? ['--fast-list'] : []),
    ...flagArguments(comparison.flags),
    ...(comparison.onlyListed ? ['--files-from-raw', '-'] : comparison.hasFilters ? ['--filter-from', '-'] : []),
    ...['--', comparison.source, comparison.destination],
  ];
}

/** What is known of a comparison so far; bounded, however many files there are. */
export interface Tally {
  readonly counts: CheckCounts;
  readonly files: readonly CheckedFile[];
  /** The sides have no hash in common, so that only sizes were compared. */
  readonly sizesOnly: boolean;
  /** What else went wrong, such as a folder that cannot be listed. */
  readonly troubles: number;
}

export const emptyTally: Tally = { counts: noCounts, files: [], sizesOnly: false, troubles: 0 };

const signs: Readonly<Record<string, CheckedFile['found']>> = {
  '*': 'differing',
  '+': 'missing',
  '-': 'extra',
  '!': 'error',
};

/** Adds a line of standard output: a sign, a blank and a path. */
export function addCompared(tally: Tally, line: string): Tally {
  const path = line.slice(2);
  if (line.startsWith('= ')) return { ...tally, counts: { ...tally.counts, equal: tally.counts.equal + 1 } };
  const found = line[1] === ' ' ? signs[line[0] ?? ''] : undefined;
  if (found === undefined) return tally;
  const name = found === 'error' ? 'errors' : found;
  return {
    ...tally,
    counts: { ...tally.counts, [name]: tally.counts[name] + 1 },
    files: tally.files.length < maxCheckedFiles ? [...tally.files, { found, path }] : tally.files,
  };
}

/** Each file that is not equal is an error to rclone, and told on standard output already. */
const differences = /^(?:file not in |sizes differ|contents differ|hashes differ|\S+ differ)/i;

/** Adds a line of standard error. */
export function addTrouble(tally: Tally, line: LogLine): Tally {
  if (line.kind !== 'message' || line.level !== 'error') return tally;
  if (line.text.startsWith('No common hash found')) return { ...tally, sizesOnly: true };
  if (line.object === null || differences.test(line.text)) return tally;
  return { ...tally, troubles: tally.troubles + 1 };
}

/** The same, seen from the other side. */
export function swapSides({ counts, files, ...rest }: Tally): Tally {
  return {
    ...rest,
    counts: { ...counts, missing: counts.extra, extra: counts.missing },
    files: files.map(({ found, path }) => ({ found: swapped[found], path })),
  };
}

const swapped = { differing: 'differing', missing: 'extra', extra: 'missing', error: 'error' } as const;
