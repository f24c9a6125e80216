import { connect } from '../daemon/control-client.ts';
import { exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';

export const abort: CommandModule = {
  showsState: true,

  configure(command) {
    command.argument('<name>', 'the task, by its metadata.name');
  },

  async run(command, shell) {
    const [name = ''] = command.args;
    const { terminal } = shell;
    const { stateDirectory } = settingsOf(command, shell);
    const client = await connect(stateDirectory);
    if (client === null) {
      terminal.note(`cloudsync: nothing runs: no process holds ${stateDirectory}`);
      return exitCodes.noDaemon;
    }
    const aborted = await client.abort(name);
    if (!aborted.ok) {
      terminal.note(`cloudsync: ${aborted.error}`);
      return exitCodes.failed;
    }
    terminal.print(aborted.value ? `Stopping the run of ${name}` : `Task ${name} is not running`);
    return aborted.value ? exitCodes.done : exitCodes.failed;
  },
};
