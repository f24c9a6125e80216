import { basename } from 'node:path';
import type { ResolvedTask } from '../../model/desired.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { escapeGlob } from '../../rclone/filter-selection.ts';
import { noLimits } from '../../rclone/limit-arguments.ts';
import { passingFlags } from '../../rclone/passing-flag.ts';
import { readLocalSide } from '../local-side.ts';

/**
 * The task turned round: from its far side into a directory, as a COPY that runs when somebody asks and starts no
 * scripts. What decides about files stays: filters, encryption, bandwidth limit.
 */
export function reverseTask(task: ResolvedTask, directory: string): Result<ResolvedTask, string> {
  const { spec } = task;
  if (spec.direction === 'PULL') {
    return err(
      `task ${task.name} is a PULL: its files come from ${spec.remote.credential ?? spec.remote.rcloneRemote}, ` +
        `and "cloudsync run ${task.name}" brings them; only a PUSH can be restored`,
    );
  }
  const { requireMarker } = spec.safety;
  const noScripts = { preScript: '', postScript: '', finallyScript: '' };
  return ok({
    ...task,
    spec: {
      ...{ ...spec, ...noScripts, direction: 'PULL', transferMode: 'COPY', paths: [directory] },
      ...{ rcloneFlags: passingFlags(spec.rcloneFlags), timeoutMs: null, followSymlinks: false },
      // What was sent once is given back, however old or large it is.
      ...noLimits,
      // A marker that is restored would vouch for a disk that is not mounted.
      exclude: requireMarker === null ? spec.exclude : [`/${escapeGlob(requireMarker)}`, ...spec.exclude],
      safety: { ...spec.safety, requireMarker: null, requireDestinationMarker: false },
    },
  });
}

/** Names at the far side's root that the task is about, and nothing else is; `null`: all of it. */
export async function selectionOf({ spec }: ResolvedTask): Promise<readonly string[] | null> {
  if (spec.paths.length > 1) return spec.paths.map((path) => basename(path));
  // Of a path that is gone it cannot be told whether it was a file; then all of the folder is given back.
  const local = await readLocalSide(spec);
  return local.ok ? local.value.selection : null;
}
