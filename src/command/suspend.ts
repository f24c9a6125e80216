import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { type Reading, readOnce } from '../daemon/read-once.ts';
import type { Settings } from '../daemon/settings.ts';
import { setEnabled } from '../manifest/edit-manifest.ts';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import { rewriteDurably } from '../state/atomic-write.ts';
import { whyMissing } from './desired-task.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import { whyNotWritable } from './lasting-edit.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';

export const suspend: CommandModule = {
  configure: addNames,
  run: (command, shell) => setTasks(command, shell, false),
};

export const resume: CommandModule = {
  configure: addNames,
  run: (command, shell) => setTasks(command, shell, true),
};

function addNames(command: Command): void {
  command
    .argument('<name...>', 'tasks, by their metadata.name')
    .addHelpText('after', '\nSets spec.enabled in the manifest, and leaves all the rest of it as it is written.');
}

async function setTasks(command: Command, shell: Shell, enabled: boolean): Promise<ExitCode> {
  const { terminal } = shell;
  const settings = settingsOf(command, shell);
  const edits = await editsFor(settings, shell, [...new Set(command.args)], enabled);
  const faults = edits.flatMap((edit) => (edit.ok ? [] : [edit.error]));
  if (faults.length > 0) {
    for (const fault of faults) terminal.note(`cloudsync: ${fault}`);
    if (edits.length > 1) terminal.note('Nothing was changed.');
    return exitCodes.failed;
  }
  const state = enabled ? 'enabled' : 'suspended';
  let changed = false;
  for (const { name, file, path, before, after } of edits.flatMap((edit) => (edit.ok ? [edit.value] : []))) {
    if (after === null) {
      terminal.print(`${name} is ${state} already: ${file}`);
      continue;
    }
    const written = await replace(path, before, after.text);
    if (!written.ok) {
      terminal.note(`cloudsync: ${file} was not changed: ${written.error}`);
      return exitCodes.failed;
    }
    terminal.print(`${name} is ${state} now: ${file}:${after.line}`);
    changed = true;
  }
  if (changed) terminal.note(nextSteps(settings.tasksName, enabled));
  return exitCodes.done;
}

async function editsFor(
  settings: Settings,
  { environment }: Shell,
  names: readonly string[],
  enabled: boolean,
): Promise<readonly Result<Edit, string>[]> {
  const lost = await whyNotWritable(settings);
  if (lost !== null) return [err(lost)];
  const reading = await readOnce(settings, createProviderSearch(settings, environment));
  if (!reading.ok) return [err(reading.error.message)];
  return names.map((name) => editOf(reading.value, name, enabled));
}

interface Edit {
  readonly name: string;
  /** The manifest as the user would name it. */
  readonly file: string;
  readonly path: string;
  readonly before: string;
  /** `null`: it is so already. */
  readonly after: { readonly text: string; readonly line: number } | null;
}

function editOf({ desired, snapshot }: Reading, name: string, enabled: boolean): Result<Edit, string> {
  const task = desired.tasks.get(name);
  const file = snapshot.files.find(({ path }) => path === task?.path);
  if (file?.state !== 'readable') return err(whyMissing(desired, name));
  const edit = setEnabled(file.text, enabled);
  const place = { name, file: join(snapshot.directory, file.path), path: join(snapshot.realDirectory, file.path) };
  switch (edit.kind) {
    case 'edited':
      return ok({ ...place, before: file.text, after: edit });
    case 'unchanged':
      return ok({ ...place, before: file.text, after: null });
    case 'refused':
      return err(
        `${place.file} is written so that a line cannot be added safely; write enabled: ${enabled} into its spec yourself`,
      );
    default:
      return unreachable(edit);
  }
}

/** A manifest may be a link to another file of the directory; that file is edited, and the link stays. */
async function replace(path: string, before: string, after: string): Promise<Result<void, string>> {
  const target = await realpath(path);
  if ((await readFile(target, 'utf8')) !== before) return err('it changed meanwhile; try again');
  return rewriteDurably(target, after);
}

function nextSteps(tasksName: string, enabled: boolean): string {
  return [
    `Commit the change. A daemon that follows ${tasksName} takes it up by itself; without one, \`cloudsync apply\` does.`,
    ...(enabled ? [] : ['A run that goes on is not stopped; `cloudsync abort` does that.']),
  ].join('\n');
}
