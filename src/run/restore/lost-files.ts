import type { ResolvedTask } from '../../model/desired.ts';
import type { TaskHistory } from '../../model/history.ts';
import { isSuccess } from '../../model/run.ts';
import { listed, plural } from '../../model/wording.ts';
import { filterRules } from '../../rclone/arguments.ts';
import { runOfBackup } from '../backup-name.ts';
import type { FarSide } from '../far-side.ts';
import { within } from '../local-side.ts';
import type { RunTools } from '../run-order.ts';
import { backupNames } from './backups.ts';
import { differenceOf } from './wanted-files.ts';

/** Older ones are for people to look into. */
const latest = 5;
const named = 3;

/**
 * Files that are not at the far side and that a run has set aside there without having succeeded, as far as is known: it
 * may have failed between the two. What a run that succeeded has set aside was meant to go. Each is a sentence.
 */
export async function lostFiles(
  {
    task,
    selection,
    runId,
    far,
    history,
  }: {
    readonly task: ResolvedTask;
    readonly selection: readonly string[] | null;
    readonly runId: string;
    readonly far: FarSide;
    readonly history: TaskHistory;
  },
  tools: Pick<RunTools, 'clock' | 'emit' | 'signal'>,
): Promise<readonly string[]> {
  const { backupFolder } = task.spec.safety;
  if (backupFolder === null) return [];
  const names = await backupNames(far, backupFolder);
  if (!names.ok)
    return [`${backupFolder} could not be looked into for files that a failed run set aside: ${names.error}`];
  const sentences: string[] = [];
  for (const name of names.value.slice(0, latest)) {
    const outcome = history.runs.find(({ id }) => id === runOfBackup(name))?.outcome ?? null;
    if (outcome !== null && isSuccess(outcome)) continue;
    const source = within(within(far.remote.path, backupFolder), name);
    const choice = { kind: 'filters', input: filterRules(task.spec, selection), count: null } as const;
    const found = await differenceOf({ task, runId, source, directory: far.remote.path, choice, far }, tools);
    if (!found.ok || found.value.missing.length === 0) continue;
    const how = outcome === null ? 'an outcome that is not known any more' : `the outcome ${outcome}`;
    sentences.push(
      `${plural(found.value.missing.length, 'file')} that run ${name}, with ${how}, set aside and that the far side does ` +
        `not hold (${listed(found.value.missing, named)}); restore them with --at ${name}`,
    );
  }
  return sentences;
}
