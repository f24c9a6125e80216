import { readActiveSet } from '../state/active-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { stateDocument } from '../state/state-export.ts';
import { exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { UsageError } from './usage-error.ts';

export const state: CommandModule = {
  configure(command) {
    command.argument('<action>', 'pull: print what is active, as JSON').addHelpText(
      'after',
      `
Where no daemon can be reached, as in CI, "cloudsync plan --state FILE" compares manifests with what this printed.
It holds what the manifests held when they were applied: references to secrets, and no secrets.`,
    );
  },

  async run(command, shell) {
    const [action = ''] = command.args;
    if (action !== 'pull') throw new UsageError(`there is no action ${action}; expected pull`);
    const settings = settingsOf(command, shell);
    const active = await readActiveSet(stateDirectory(settings.stateDirectory));
    if (!active.ok) {
      shell.terminal.note(`cloudsync: ${active.error}`);
      return exitCodes.failed;
    }
    const tasks = active.value;
    shell.terminal.print(JSON.stringify(stateDocument({ tasksDirectory: settings.tasksDirectory, tasks }), null, 2));
    return exitCodes.done;
  },
};
