import type { Command } from 'commander';
import { takeAlongState } from '../daemon/take-along-state.ts';
import { readActiveSet } from '../state/active-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { stateDocument } from '../state/state-export.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import { noteLeftState } from './left-state-note.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';
import { exitCodeOfSession } from './short-session.ts';
import { UsageError } from './usage-error.ts';

export const state: CommandModule = {
  configure(command) {
    command
      .argument('<action>', 'pull: print what is active, as JSON; move: take along the state of an earlier version')
      .option('--dry-run', 'with move: only say what would be moved')
      .addHelpText(
        'after',
        `
Where no daemon can be reached, as in CI, "cloudsync plan --state FILE" compares manifests with what "pull" printed.
It holds what the manifests held when they were applied: references to secrets, and no secrets.
Earlier versions kept the state in TASKS/.cloudsync, where a commit could write it. "move" takes it to where it lies now
(--state-dir, or the default), and can be run again when it was interrupted.`,
      );
  },

  async run(command, shell) {
    const [action = ''] = command.args;
    const { dryRun = false } = command.opts<{ readonly dryRun?: boolean }>();
    switch (action) {
      case 'pull':
        if (dryRun) throw new UsageError('--dry-run is for move');
        return pull(command, shell);
      case 'move':
        return move(command, shell, dryRun);
      default:
        throw new UsageError(`there is no action ${action}; expected pull or move`);
    }
  },
};

async function pull(command: Command, shell: Shell): Promise<ExitCode> {
  const settings = settingsOf(command, shell);
  noteLeftState(command, shell);
  const active = await readActiveSet(stateDirectory(settings.stateDirectory));
  if (!active.ok) {
    shell.terminal.note(`cloudsync: ${active.error}`);
    return exitCodes.failed;
  }
  const tasks = active.value;
  shell.terminal.print(JSON.stringify(stateDocument({ tasksDirectory: settings.tasksDirectory, tasks }), null, 2));
  return exitCodes.done;
}

async function move(command: Command, shell: Shell, dryRun: boolean): Promise<ExitCode> {
  const { terminal, environment } = shell;
  const settings = settingsOf(command, shell);
  const moved = await takeAlongState(settings, environment, { dryRun, onStep: (step) => terminal.print(step) });
  if (!moved.ok) {
    terminal.note(`cloudsync: ${moved.error.message}`);
    return exitCodeOfSession(moved.error);
  }
  if (!dryRun) terminal.print(`The state lies in ${settings.stateDirectory} now.`);
  return exitCodes.done;
}
