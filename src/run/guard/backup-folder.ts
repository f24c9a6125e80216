import { readdir } from 'node:fs/promises';
import { err, ok, type Result } from '../../model/result.ts';
import { fold } from '../../place/fold.ts';
import { listEntries } from '../../rclone/entries.ts';
import { escapeGlob } from '../../rclone/filter-selection.ts';
import { within } from '../local-side.ts';
import { blocked, cannotTell, type Guard, type GuardInput, pass } from './verdict.ts';

/**
 * What the source has in a folder called as the backup folder would be left out, as no run mixes it with what it sets
 * aside. Nobody would know that it has no copy, so the run does not begin.
 */
export const backupFolderGuard: Guard = async (input) => {
  const { backupFolder } = input.task.spec.safety;
  if (backupFolder === null || leavesOut(input, backupFolder)) return pass;
  const found = await findAtSource(input, backupFolder.split('/'));
  if (!found.ok) return cannotTell({ message: found.error, retryable: true });
  if (found.value === null) return pass;
  return blocked(
    `the source has ${found.value}, and spec.safety.backupFolder is ${backupFolder}: what is there would not be copied; ` +
      'name another backup folder, or exclude that folder',
  );
};

/** Whether the task says itself that it does not want what lies there. */
function leavesOut({ task, local }: GuardInput, backupFolder: string): boolean {
  const [top = ''] = backupFolder.split('/');
  if (local.selection !== null && !local.selection.some((name) => fold(name) === fold(top))) return true;
  const patterns = [backupFolder, top].map((folder) => `/${escapeGlob(folder)}/**`);
  return task.spec.exclude.some((pattern) => patterns.includes(pattern.endsWith('/') ? `${pattern}**` : pattern));
}

/** Part by part, in any spelling that a destination may take for the same name. `null`: it is not there. */
async function findAtSource(input: GuardInput, parts: readonly string[]): Promise<Result<string | null, string>> {
  let folder = '';
  for (const part of parts) {
    const names = await namesAt(input, folder);
    if (!names.ok) return names;
    const name = names.value.find((each) => each === part) ?? names.value.find((each) => fold(each) === fold(part));
    if (name === undefined) return ok(null);
    folder = folder === '' ? name : `${folder}/${name}`;
  }
  return ok(folder);
}

async function namesAt(
  { task, local, remote, look, rclone }: GuardInput,
  folder: string,
): Promise<Result<readonly string[], string>> {
  if (task.spec.direction === 'PUSH') return ok(await readdir(within(local.root, folder)).catch(() => []));
  const place = within(remote, folder);
  const seen = await look(place);
  if (!seen.ok) return err(seen.error.message);
  if (!seen.value.exists || seen.value.empty) return ok([]);
  const listed = await listEntries(rclone.binary, rclone.environment, place);
  return listed.ok ? ok(listed.value.map(({ name }) => name)) : err(rclone.redact(listed.error));
}
