import { compactTime } from './run-id.ts';

/**
 * The directory of the backup folder in which one attempt sets files aside: that of the run, and `RUN.2` for the second
 * attempt. An attempt that was cut off may have left a file cut off, and the next one sets that aside, too; under one
 * name, it would replace the good version that the first one kept.
 */
export function backupName(runId: string, attempt: number): string {
  return attempt <= 1 ? runId : `${runId}.${attempt}`;
}

/** The id of the run whose attempt has set files aside there. */
export function runOfBackup(name: string): string {
  return name.replace(/\.\d+$/, '');
}

/** When the run began whose attempt has set files aside there, by its id; `null`: that is not the id of a run. */
export function timeOfBackup(name: string): number | null {
  const [, stamp] = /-(\d{8}t\d{6}z)(?:-[0-9a-f]{6})?$/.exec(runOfBackup(name)) ?? [];
  if (stamp === undefined) return null;
  const at = Date.parse(stamp.replace(/^(....)(..)(..)t(..)(..)(..)z$/, '$1-$2-$3T$4:$5:$6Z'));
  // What is no date, such as the 31st of February, may be taken for another day.
  return !Number.isNaN(at) && compactTime(at) === stamp ? at : null;
}

/** Whether a run of the task has made it. No run of a task whose name only begins like it has such a name. */
export function isBackupOf(task: string, name: string): boolean {
  const run = runOfBackup(name);
  return run.startsWith(`${task}-`) && /^\d{8}t\d{6}z(?:-[0-9a-f]{6})?$/.test(run.slice(task.length + 1));
}
