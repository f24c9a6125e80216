import { resolve } from 'node:path';
import type { Command } from 'commander';
import { checkFilterPattern } from '../manifest/filter-pattern.ts';
import { backupDocument, renderBackups, renderRestored } from '../report/restore-result.ts';
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
  readonly include: readonly string[];
  readonly intoExisting?: boolean;
  readonly dryRun?: boolean;
  readonly list?: boolean;
  readonly write?: boolean;
}

export const restore: CommandModule = {
  showsState: true,

  configure(command) {
    command
      .argument('<name>', 'the task, by its metadata.name; a PUSH')
      .option('--to <dir>', 'where the files go: a directory that is empty or not there yet')
      .option('--at <backup>', 'what this run replaced or deleted, from safety.backupFolder')
      .option('--include <pattern>', 'only these files, as in spec.include; may be repeated', addPattern, [])
      .option('--list', 'only list the backups that --at can take')
      .option('--into-existing', 'DIR may hold files; none of them is overwritten')
      .option('--dry-run', 'show what would be copied; nothing is changed')
      .option('--write', 'print a manifest, not enabled, that does the same')
      .addHelpText(
        'after',
        '\nCopies with the filters, the encryption and the bandwidth limit of the task. Its scripts do not run, and its\n' +
          'history stays as it is. A file gets its name in DIR when it is complete; to go on after a restore that did not\n' +
          'end well, run it again with --into-existing.\n\n' +
          'Examples:\n' +
          '  cloudsync restore photos --to /mnt/new\n' +
          '  cloudsync restore photos --to /tmp/back --include "/2024/**" --include "letter.txt"\n' +
          '  cloudsync restore photos --list\n' +
          '  cloudsync restore photos --to /tmp/old --at photos-20260104t020000z',
      );
  },

  async run(command, shell) {
    const options = command.opts<RestoreOptions>();
    if (options.list === true) return list(command, shell);
    if (options.to === undefined) throw new UsageError('restore needs --to DIR, or --list');
    const directory = resolve(shell.workingDirectory, options.to);
    const backup = options.at ?? null;
    const { include } = options;
    if (options.write !== true) return copy({ ...options, directory, backup }, command, shell);
    const { writeRestoreManifest } = await import('./restore-manifest.ts');
    return writeRestoreManifest(
      { name: command.args[0] ?? '', directory, backup, include },
      settingsOf(command, shell),
      shell,
    );
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
  const { width, color } = terminal;
  if (outputFormat(command) === 'json') terminal.print(JSON.stringify(found.value.map(backupDocument), null, 2));
  else if (found.value.length === 0) terminal.note(`Task ${name} has no backups yet`);
  else terminal.print(renderBackups(found.value, { width, color: color.stdout }));
  return exitCodes.done;
}

interface Wanted extends RestoreOptions {
  readonly directory: string;
  readonly backup: string | null;
}

async function copy(wanted: Wanted, command: Command, shell: Shell): Promise<ExitCode> {
  const [name = ''] = command.args;
  const { directory, backup, include, intoExisting = false, dryRun = false } = wanted;
  const watcher = createRunWatcher(shell);
  using stopping = stopOnSignal(shell);
  const controller = new AbortController();
  stopping.onSignal(() => controller.abort('Aborted'));
  const order = { directory, backup, include, intoExisting, dryRun };
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
  } else {
    watcher.show(done.value, 'text');
    const restored = renderRestored(done.value);
    if (restored !== null) shell.terminal.print(`  ${restored}`);
  }
  return stopping.exitCode() ?? exitCodeOf(done.value.outcome);
}

function addPattern(pattern: string, before: readonly string[]): readonly string[] {
  if (pattern === '') throw new UsageError('--include needs a pattern, such as "/2024/**"; it is empty');
  const fault = checkFilterPattern(pattern).find(({ severity }) => severity === 'error');
  if (fault !== undefined) {
    throw new UsageError(`--include "${pattern}": ${fault.message}${fault.hint === null ? '' : `; ${fault.hint}`}`);
  }
  return [...before, pattern];
}
