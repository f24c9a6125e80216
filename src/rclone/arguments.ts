import type { BandwidthSlot, TaskSpec } from '../model/task.ts';
import { formatBandwidth } from './bandwidth.ts';

/** What one rclone process is to do. Source and destination are local paths or `name:path`. */
export interface Transfer {
  readonly operation: 'sync' | 'copy' | 'move';
  readonly source: string;
  readonly destination: string;
  readonly dryRun: boolean;
  readonly transfers: number | null;
  readonly bandwidthLimit: readonly BandwidthSlot[];
  readonly followSymlinks: boolean;
  readonly createEmptySourceDirectories: boolean;
  readonly fastList: boolean;
  /** The rules of `filterRules` come in on standard input. */
  readonly hasFilters: boolean;
  /** How often rclone tries the whole transfer, at least once. */
  readonly retries: number;
  /** rclone stops before it deletes more files than this; `null`: no such limit. */
  readonly maxDelete: number | null;
}

/** The arguments for rclone. Nothing secret is among them. */
export function transferArguments(transfer: Transfer): readonly string[] {
  const bandwidth = formatBandwidth(transfer.bandwidthLimit);
  return [
    transfer.operation,
    ...['--use-json-log', '-v'],
    // One line each second, at a level that is always shown: progress, the totals at the end, and, should this
    // process die, the write to a closed pipe that ends rclone as well.
    ...['--stats', '1s', '--stats-log-level', 'NOTICE'],
    // 1.60 takes 0 as "do nothing and report success".
    ...['--retries', String(Math.max(1, transfer.retries))],
    ...(transfer.dryRun ? ['--dry-run'] : []),
    ...(transfer.transfers === null ? [] : ['--transfers', String(transfer.transfers)]),
    ...(bandwidth === null ? [] : ['--bwlimit', bandwidth]),
    ...(transfer.followSymlinks ? ['--copy-links'] : []),
    ...(transfer.createEmptySourceDirectories ? ['--create-empty-src-dirs'] : []),
    ...(transfer.fastList ? ['--fast-list'] : []),
    ...(transfer.maxDelete === null ? [] : ['--max-delete', String(transfer.maxDelete)]),
    ...filterArguments(transfer),
    // A path that starts with a dash is a path all the same.
    ...['--', transfer.source, transfer.destination],
  ];
}

function filterArguments({ hasFilters, operation }: Transfer): readonly string[] {
  if (hasFilters) return ['--filter-from', '-'];
  // Without any filter, and between two places of one kind, rclone renames the whole source directory: the source's
  // root would be gone, and a dry run would show one line for everything.
  return operation === 'move' ? ['--filter', '+ **'] : [];
}

/**
 * One ordered list for rclone's standard input, first match wins: what is excluded, then what is included, then, if
 * anything is included by name, nothing else. `null`: no filters.
 */
export function filterRules(spec: Pick<TaskSpec, 'include' | 'exclude'>): string | null {
  const excludes = spec.exclude.map((pattern) => `- ${onOneLine(pattern)}`);
  const includes = spec.include.flatMap((pattern) => atAnyDepth(onOneLine(contentsOfDirectory(pattern))));
  const rules = includes.length === 0 ? excludes : [...excludes, ...includes, '- **'];
  return rules.length === 0 ? null : `${rules.join('\n')}\n`;
}

/** `+ photos/` lets rclone enter the directory and then take nothing from it; meant is what is in it. */
function contentsOfDirectory(pattern: string): string {
  return pattern.endsWith('/') ? `${pattern}**` : pattern;
}

/**
 * `photos/*.jpg` means any `photos`, however deep. Followed by a rule that excludes the rest, rclone does not enter the
 * directories above it, unless a pattern says that there may be some.
 */
function atAnyDepth(pattern: string): readonly string[] {
  const deep = pattern.includes('/') && !pattern.startsWith('/') && !pattern.startsWith('**');
  return deep ? [`+ ${pattern}`, `+ **/${pattern}`] : [`+ ${pattern}`];
}

/**
 * A line break would start a rule of its own, and a blank at either end would be trimmed. To rclone a line break in a
 * name is its Unicode picture.
 */
function onOneLine(pattern: string): string {
  return pattern
    .replaceAll('\n', '\u240a')
    .replaceAll('\r', '\u240d')
    .replace(/^\s|\s$/g, '[$&]');
}
