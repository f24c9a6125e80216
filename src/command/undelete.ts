import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { readOnce } from '../daemon/read-once.ts';
import type { Settings } from '../daemon/settings.ts';
import type { Desired } from '../model/desired.ts';
import { err, ok, type Result } from '../model/result.ts';
import { everything } from '../model/selection.ts';
import { credentialManifest, taskManifest } from '../plan/task-manifest.ts';
import { renderArchive } from '../report/archive-table.ts';
import { type ArchivedTask, readArchive } from '../state/archive.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import { whyNotWritable } from './lasting-edit.ts';
import { type NewManifest, writeNewManifests } from './new-file.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';

export const undelete: CommandModule = {
  showsState: true,

  configure(command) {
    command
      .argument('[name]', 'a task whose schedule has ended; without one, they are listed')
      .option('--print', 'print the manifest, and write nothing')
      .addHelpText(
        'after',
        '\nWrites the manifest anew from what was applied last. Comments and defaults are not kept; Git has those.',
      );
  },

  async run(command, shell) {
    const settings = settingsOf(command, shell);
    const archived = await readArchive(stateDirectory(settings.stateDirectory));
    const [name] = command.args;
    if (name === undefined) return list(archived, command, shell);
    const { print = false } = command.opts<{ readonly print?: boolean }>();
    const drafts = await draft(name, archived, { settings, shell, toStay: !print });
    if (!drafts.ok) {
      shell.terminal.note(`cloudsync: ${drafts.error}`);
      return exitCodes.failed;
    }
    if (!print) return write(drafts.value, settings, shell);
    shell.terminal.print(drafts.value.map(({ text }) => text.trimEnd()).join('\n---\n'));
    return exitCodes.done;
  },
};

function list(archived: readonly ArchivedTask[], command: Command, { terminal }: Shell): ExitCode {
  const removed = archived.map(({ task, removedAt }) => ({ name: task.name, path: task.path, removedAt }));
  const { width, color } = terminal;
  if (outputFormat(command) === 'json') terminal.print(JSON.stringify(removed, null, 2));
  else terminal.print(renderArchive(removed, { width, color: color.stdout }));
  return exitCodes.done;
}

interface Surroundings {
  readonly settings: Settings;
  readonly shell: Shell;
  readonly toStay: boolean;
}

/** The manifest of the task, and where that is gone too, of its credential. */
async function draft(
  name: string,
  archived: readonly ArchivedTask[],
  { settings, shell, toStay }: Surroundings,
): Promise<Result<readonly NewManifest[], string>> {
  const lost = toStay ? await whyNotWritable(settings) : null;
  if (lost !== null) return err(lost);
  const found = archived.find(({ task }) => task.name === name);
  if (found === undefined)
    return err(`no schedule of a task ${name} has ended; \`cloudsync undelete\` lists those that have`);
  const reading = await readOnce(
    { ...settings, selection: everything },
    createProviderSearch(settings, shell.environment),
  );
  if (!reading.ok) return err(reading.error.message);
  const { desired, snapshot } = reading.value;
  const { task } = found;
  const present = placeOf(name, desired);
  if (present !== null) return err(`there is a task ${name}: ${join(snapshot.directory, present)}`);
  if (!isBelow(task.path)) return err(`its manifest was at ${task.path}, which is not in ${snapshot.directory}`);
  const manifest = { path: task.path, text: textOf(taskManifest(task)) };
  const { credential } = task.spec.remote;
  if (credential === null || task.credential === null || desired.credentials.has(credential)) return ok([manifest]);
  const path = join(dirname(task.path), `${credential}.yaml`);
  return ok([manifest, { path, text: textOf(credentialManifest(credential, task.credential)) }]);
}

function textOf(manifest: object): string {
  return stringify(manifest, { lineWidth: 0 });
}

function placeOf(name: string, { tasks, invalid }: Desired): string | null {
  const broken = [...invalid.values()].find((manifest) => manifest.name === name);
  return tasks.get(name)?.path ?? broken?.path ?? null;
}

function isBelow(path: string): boolean {
  return !isAbsolute(path) && !normalize(path).startsWith('..');
}

async function write(drafts: readonly NewManifest[], settings: Settings, { terminal }: Shell): Promise<ExitCode> {
  if (!(await writeNewManifests(drafts, settings, terminal))) return exitCodes.failed;
  terminal.note(
    `Commit it. A daemon that follows ${settings.tasksName} takes it up by itself; without one, \`cloudsync apply\` does.`,
  );
  return exitCodes.done;
}
