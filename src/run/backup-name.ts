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
