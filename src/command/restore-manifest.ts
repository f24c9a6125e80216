import { stringify } from 'yaml';
import type { Settings } from '../daemon/settings.ts';
import { type ReversedOrder, reversedManifest } from '../run/restore/reversed-manifest.ts';
import { readManifests } from './desired-task.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Shell } from './shell.ts';

/** Prints a manifest that restores a task, in place of the restore. */
export async function writeRestoreManifest(
  { name, ...order }: ReversedOrder & { readonly name: string },
  settings: Settings,
  shell: Shell,
): Promise<ExitCode> {
  const found = await readManifests(settings, shell, name);
  const manifest = found.ok ? await reversedManifest(found.value.task, order) : found;
  if (!manifest.ok) {
    shell.terminal.note(`cloudsync: ${manifest.error}`);
    return exitCodes.failed;
  }
  shell.terminal.print(stringify(manifest.value, { lineWidth: 0 }).trimEnd());
  return exitCodes.done;
}
