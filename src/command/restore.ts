import { resolve } from 'node:path';
import type { Command } from 'commander';
import { sanitizeLine } from '../report/sanitize.ts';
import { doErrand } from './errand-place.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { createRunWatcher, runDocument } from './run-watcher.ts';
import type { Shell } from './shell.ts';
import { stopOnSignal } from './stopping.ts';
import { UsageError } from './usage-error.ts';

interface RestoreOptions {
  readonly to?: string;
  readonly at?: string;
  readonly intoExisting?: boolean;
  readonly dryRun?: boolean;
  readonly list?: boolean;
  readonly write?: boolean;
}

export const restore: CommandModule = {
  configure(command) {
    command
      .argument('<name>', 'the task, by its metadata.name; a PUSH')
      .option('--to <dir>', 'where the files go: a directory that is empty or not there yet')
      .option('--at <backup>', 'what this run replaced or deleted, from safety.backupFolder')
      .option('--list', 'only name the backups that --at can take')
      .option('--into-existing', 'DIR may hold files; none of them is overwritten')
      .option('--dry-run', 'show what would be copied; nothing is changed')
      .option('--write', 'print a manifest, not enabled, that does the same')
      .addHelpText(
        'after',
        '\nCopies with the filters, the encryption and the bandwidth limit of the task. Its scripts do not run, and its\n' +
          'history stays as it is.',
      );
  },

  async run(command, shell) {
    const options = command.opts<RestoreOptions>();
    if (options.list === true) return list(command, shell);
    if (options.to === undefined) throw new UsageError('restore needs --to DIR, or --list');
    const directory = resolve(shell.workingDirectory, options.to);
    const backup = options.at ?? null;
    if (options.write !== true) return copy({ ...options, directory, backup }, command, shell);
    const { writeRestoreManifest } = await import('./restore-manifest.ts');
    return writeRestoreManifest({ name: command.args[0] ?? '', directory, backup }, settingsOf(command, shell), shell);
  },
};

async function list(command: Command, shell: Shell): Promise<ExitCode> {
  const [name = ''] = command.args;
  const { terminal } = shell;
  using stopping = stopOnSignal(shell);
  const controller = new AbortController();
  stopping.onSignal(() => controller.abort('Aborted'));
  const found = await doErrand({ task: name, onlyLooks: true }, settingsOf(command, shell), shell, (errands) =>
    errands.backups(name, controller.signal),
  );
  if (!found.ok) {
    terminal.note(`cloudsync: ${found.error.message}`);
    return stopping.exitCode() ?? found.error.exitCode;
  }
  if (outputFormat(command) === 'json') terminal.print(JSON.stringify(found.value, null, 2));
  else if (found.value.length === 0) terminal.note(`Task ${name} has no backups yet`);
  else terminal.print(found.value.map((backup) => sanitizeLine(backup.name)).join('\n'));
  return exitCodes.done;
}

interface Wanted extends RestoreOptions {
  readonly directory: string;
  readonly backup: string | null;
}

async function copy(wanted: Wanted, command: Command, shell: Shell): Promise<ExitCode> {
  const [name = ''] = command.args;
  const { directory, backup, intoExisting = false, dryRun = false } = wanted;
  const watcher = createRunWatcher(shell);
  using stopping = stopOnSignal(shell);
  const controller = new AbortController();
  stopping.onSignal(() => controller.abort('Aborted'));
  const order = { directory, backup, intoExisting, dryRun };
  const done = await doErrand({ task: name, onlyLooks: dryRun }, settingsOf(command, shell), shell, (errands) =>
    errands.restore(name, order, watcher.emit, controller.signal),
  );
  watcher.close();
  if (!done.ok) {
    shell.terminal.note(`cloudsync: ${done.error.message}`);
    return stopping.exitCode() ?? done.error.exitCode;
  }
  if (outputFormat(command) === 'json') {
    const document = { ...runDocument(done.value, watcher.changes()), directory, backup };
    shell.terminal.print(JSON.stringify(document, null, 2));
  } else watcher.show(done.value, 'text');
  return stopping.exitCode() ?? exitCodeOf(done.value.outcome);
}
