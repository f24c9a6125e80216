import type { BandwidthSlot, TaskSpec } from '../model/task.ts';
import { formatBandwidth } from './bandwidth.ts';
import { flagArguments } from './flag.ts';

/** Two sides that rclone compares, each a local path or `name:path`. */
export interface Comparison {
  /** `cryptcheck` compares hashes of what is encrypted; its destination must be the encrypted side. */
  readonly operation: 'check' | 'cryptcheck';
  readonly source: string;
  readonly destination: string;
  /** `content` reads every file on both sides; `hash` falls back to the size where the sides share no hash. */
  readonly by: 'content' | 'hash' | 'size';
  /** Leaves what is at the destination only out of account. */
  readonly oneWay: boolean;
  readonly bandwidthLimit: readonly BandwidthSlot[];
  readonly followSymlinks: boolean;
  readonly fastList: boolean;
  /** What comes in on standard input: the rules of a filter, or the names of the files to compare. */
  readonly input: 'filters' | 'names' | 'nothing';
  readonly flags: TaskSpec['rcloneFlags'];
  /** rclone tells also what it otherwise keeps to itself, secrets among it: its lines must go no further. */
  readonly verbose: boolean;
}

/** The arguments for rclone, which then prints a line for each file on standard output. */
export function comparisonArguments(comparison: Comparison): readonly string[] {
  const bandwidth = formatBandwidth(comparison.bandwidthLimit);
  return [
    ...[comparison.operation, '--combined', '-', '--use-json-log'],
    ...(comparison.verbose ? ['-vv'] : []),
    ...['--stats', '1s', '--stats-log-level', 'NOTICE', '--retries', '1'],
    ...(comparison.by === 'content' ? ['--download'] : []),
    ...(comparison.by === 'size' ? ['--size-only'] : []),
    ...(comparison.oneWay ? ['--one-way'] : []),
    ...(bandwidth === null ? [] : ['--bwlimit', bandwidth]),
    ...(comparison.followSymlinks ? ['--copy-links'] : []),
    ...(comparison.fastList ? ['--fast-list'] : []),
    ...flagArguments(comparison.flags),
    ...inputArguments[comparison.input],
    ...['--', comparison.source, comparison.destination],
  ];
}

const inputArguments = {
  filters: ['--filter-from', '-'],
  names: ['--files-from-raw', '-'],
  nothing: [],
} as const;

export type ComparedFound = 'equal' | 'differing' | 'missing' | 'extra' | 'error';

/** One line of standard output. */
export interface ComparedLine {
  readonly found: ComparedFound;
  readonly path: string;
}

const signs: Readonly<Record<string, ComparedFound>> = {
  '=': 'equal',
  '*': 'differing',
  '+': 'missing',
  '-': 'extra',
  '!': 'error',
};

/** Reads a sign, a blank and a path; `null` for anything else. */
export function parseCompared(line: string): ComparedLine | null {
  const found = line[1] === ' ' ? signs[line[0] ?? ''] : undefined;
  return found === undefined ? null : { found, path: line.slice(2) };
}
