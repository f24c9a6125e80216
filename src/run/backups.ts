import type { ResolvedTask } from '../model/desired.ts';
import type { Backup } from '../model/restore.ts';
import { err, ok, type Result } from '../model/result.ts';
import { listed } from '../model/wording.ts';
import { listEntries } from '../rclone/entries.ts';
import { type FarSide, type FarSideTools, openFarSide } from './far-side.ts';
import { within } from './local-side.ts';

/** What runs of a task replaced or deleted at its far side, the latest first. The error is a sentence. */
export async function listBackups(task: ResolvedTask, tools: FarSideTools): Promise<Result<readonly Backup[], string>> {
  if (task.spec.safety.backupFolder === null) {
    return err(`task ${task.name} keeps no backups: it has no spec.safety.backupFolder`);
  }
  const opened = await openFarSide(task, tools);
  if (!opened.ok) return err(opened.error.message);
  await using far = opened.value;
  return backupsAt(far, task.spec.safety.backupFolder);
}

/** The place of one backup for rclone; the error names those that there are. */
export async function findBackup(task: ResolvedTask, far: FarSide, name: string): Promise<Result<string, string>> {
  const { backupFolder } = task.spec.safety;
  if (backupFolder === null) return err(`task ${task.name} keeps no backups: it has no spec.safety.backupFolder`);
  const found = await backupsAt(far, backupFolder);
  if (!found.ok) return found;
  if (found.value.some((backup) => backup.name === name)) {
    return ok(within(within(far.remote.path, backupFolder), name));
  }
  const names = found.value.map((backup) => backup.name);
  if (names.length === 0) return err(`there is no backup ${name}; there is none at all in ${backupFolder}`);
  return err(`there is no backup ${name}; there is ${listed(names, 10)}`);
}

async function backupsAt({ binary, environment, remote, redact, look }: FarSide, folder: string) {
  const place = within(remote.path, folder);
  const seen = await look(place);
  if (!seen.ok) return err(seen.error.message);
  if (!seen.value.exists) return ok([]);
  const listed = await listEntries(binary.path, environment, place);
  if (!listed.ok) return err(redact(listed.error));
  // Names end in the time of the run.
  const names = listed.value.filter(({ directory }) => directory).map(({ name }) => name);
  return ok(
    names
      .sort()
      .reverse()
      .map((name): Backup => ({ name })),
  );
}
