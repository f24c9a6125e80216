import type { ResolvedTask } from '../model/desired.ts';
import type { TransferMode } from '../model/task.ts';
import { filterRules, type Transfer } from '../rclone/arguments.ts';
import { limitsOf } from '../rclone/limit-arguments.ts';
import { type LocalSide, within } from './local-side.ts';

/** What rclone is told of one run, besides its environment. Holds nothing secret. */
export interface Job {
  readonly transfer: Transfer;
  /** For rclone's standard input; `null`: no filters. */
  readonly filters: string | null;
  /** rclone tells also what it otherwise keeps to itself, secrets among it: lines of level `debug` go no further. */
  readonly verbose: boolean;
}

const operations = { SYNC: 'sync', COPY: 'copy', MOVE: 'move' } as const satisfies Record<TransferMode, string>;

interface JobSides extends Pick<Job, 'verbose'> {
  readonly local: LocalSide;
  readonly remote: string;
  readonly dryRun: boolean;
  /** Where in the backup folder this attempt sets files aside. */
  readonly backupName: string;
}

/** `remote` is the far side for rclone, as `name:path`. */
export function buildJob(
  { spec }: Pick<ResolvedTask, 'spec'>,
  { local, remote, dryRun, verbose, backupName }: JobSides,
): Job {
  const filters = filterRules(spec, local.selection);
  const [source, destination] = spec.direction === 'PUSH' ? [local.root, remote] : [remote, local.root];
  const { backupFolder } = spec.safety;
  return {
    ...{ filters, verbose },
    transfer: {
      operation: operations[spec.transferMode],
      ...{ source, destination, dryRun },
      transfers: spec.transfers,
      bandwidthLimit: spec.bandwidthLimit,
      followSymlinks: spec.followSymlinks,
      createEmptySourceDirectories: spec.createEmptySourceDirectories,
      fastList: spec.fastList,
      hasFilters: filters !== null,
      limits: limitsOf(spec),
      namesOnly: false,
      flags: spec.rcloneFlags,
      retries: 1,
      maxDelete: null,
      backupDirectory: backupFolder === null ? null : within(within(destination, backupFolder), backupName),
    },
  };
}
