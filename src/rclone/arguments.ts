import type { BandwidthSlot, FileLimits, TaskSpec } from '../model/task.ts';
import { formatBandwidth } from './bandwidth.ts';
import { type FilterSource, filterList } from './filter-rule.ts';
import { flagArguments } from './flag.ts';
import { hasLimits, limitArguments } from './limit-arguments.ts';

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
  /** With `copy` and `move` only. */
  readonly limits: FileLimits;
  /** Names of files come in on standard input, one a line, and no other file at either side is touched. */
  readonly namesOnly: boolean;
  /** Further flags by name, without dashes, in the form that rclone takes. */
  readonly flags: TaskSpec['rcloneFlags'];
  /** How often rclone tries the whole transfer, at least once. */
  readonly retries: number;
  /** rclone stops before it deletes more files than this; `null`: no such limit. */
  readonly maxDelete: number | null;
  /** Where at the destination's remote replaced and deleted files go; `null`: nowhere. */
  readonly backupDirectory: string | null;
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
    ...(transfer.backupDirectory === null ? [] : ['--backup-dir', transfer.backupDirectory]),
    ...flagArguments(transfer.flags),
    ...filterArguments(transfer),
    ...sourceLimitArguments(transfer),
    // A path that starts with a dash is a path all the same.
    ...['--', transfer.source, transfer.destination],
  ];
}

function filterArguments({ namesOnly, hasFilters, operation }: Transfer): readonly string[] {
  if (namesOnly) return ['--files-from-raw', '-'];
  if (hasFilters) return ['--filter-from', '-'];
  // Without any filter, and between two places of one kind, rclone renames the whole source directory: the source's
  // root would be gone, and a dry run would show one line for everything.
  return operation === 'move' ? ['--filter', '+ **'] : [];
}

/**
 * rclone applies limits to the destination's files as well, and takes one that it leaves out there for missing: it would
 * overwrite it without a backup, and in spite of ignore-existing and immutable. `--delete-excluded` makes it list the
 * destination in full; it deletes nothing in a copy or a move. In a sync it would, and validation refuses limits there.
 */
function sourceLimitArguments({ limits, operation }: Transfer): readonly string[] {
  if (operation === 'sync' || !hasLimits(limits)) return [];
  return [...limitArguments(limits), '--delete-excluded'];
}

/** The rules for rclone's standard input, of which there is always one at least. `selection` as for `filterList`. */
export function filterRules(spec: FilterSource, selection: readonly string[] | null): string {
  return filterList(spec, selection)
    .map(({ text }) => `${text}\n`)
    .join('');
}
