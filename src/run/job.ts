import type { ResolvedTask } from '../model/desired.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { TransferMode } from '../model/task.ts';
import { findProvider } from '../provider/registry.ts';
import { resolveRemote } from '../provider/resolve-remote.ts';
import { filterRules, type Transfer } from '../rclone/arguments.ts';
import type { RemoteDefinition } from '../rclone/environment.ts';

/** Everything that rclone is told about one run. The remotes hold secrets: they go into its environment only. */
export interface Job {
  readonly transfer: Transfer;
  /** For rclone's standard input; `null`: no filters. */
  readonly filters: string | null;
  readonly remotes: readonly RemoteDefinition[];
  readonly local: string;
  readonly remote: string;
}

const operations = { SYNC: 'sync', COPY: 'copy', MOVE: 'move' } as const satisfies Record<TransferMode, string>;

/** The name under which rclone knows the far side; only an environment variable and a prefix, never shown. */
const remoteName = 'remote';

/** Turns a task whose credential has been looked up into a job. `options` are the credential's, as text. */
export function buildJob(
  task: ResolvedTask,
  options: Readonly<Record<string, string>>,
  dryRun: boolean,
): Result<Job, string> {
  const { spec, credential } = task;
  const provider = credential === null ? null : findProvider(credential.provider);
  if (provider === null) return err('the task names no credential that this version knows how to use');
  const resolved = resolveRemote(provider, options, spec.remote);
  if (!resolved.ok) return resolved;

  const local = spec.paths[0] ?? '';
  const remote = `${remoteName}:${resolved.value.path}`;
  const filters = filterRules(spec);
  const { type, options: remoteOptions, obscured } = resolved.value;
  return ok({
    transfer: {
      operation: operations[spec.transferMode],
      source: spec.direction === 'PUSH' ? local : remote,
      destination: spec.direction === 'PUSH' ? remote : local,
      dryRun,
      transfers: spec.transfers,
      bandwidthLimit: spec.bandwidthLimit,
      followSymlinks: spec.followSymlinks,
      createEmptySourceDirectories: spec.createEmptySourceDirectories,
      fastList: spec.fastList,
      hasFilters: filters !== null,
      retries: 3,
      maxDelete: null,
    },
    filters,
    remotes: [{ name: remoteName, type, options: remoteOptions, obscured }],
    local,
    remote,
  });
}
