import type { ResolvedTask } from '../model/desired.ts';
import type { TransferMode } from '../model/task.ts';
import { filterRules, type Transfer } from '../rclone/arguments.ts';
import type { LocalSide } from './local-side.ts';

/** What rclone is told of one run, besides its environment. Holds nothing secret. */
export interface Job {
  readonly transfer: Transfer;
  /** For rclone's standard input; `null`: no filters. */
  readonly filters: string | null;
}

const operations = { SYNC: 'sync', COPY: 'copy', MOVE: 'move' } as const satisfies Record<TransferMode, string>;

/** `remote` is the far side for rclone, as `name:path`. */
export function buildJob(
  { spec }: Pick<ResolvedTask, 'spec'>,
  { local, remote, dryRun }: { readonly local: LocalSide; readonly remote: string; readonly dryRun: boolean },
): Job {
  const filters = filterRules(spec, local.selection);
  return {
    filters,
    transfer: {
      operation: operations[spec.transferMode],
      source: spec.direction === 'PUSH' ? local.root : remote,
      destination: spec.direction === 'PUSH' ? remote : local.root,
      dryRun,
      transfers: spec.transfers,
      bandwidthLimit: spec.bandwidthLimit,
      followSymlinks: spec.followSymlinks,
      createEmptySourceDirectories: spec.createEmptySourceDirectories,
      fastList: spec.fastList,
      hasFilters: filters !== null,
      flags: spec.rcloneFlags,
      retries: 3,
      maxDelete: null,
    },
  };
}
