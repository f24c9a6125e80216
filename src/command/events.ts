import { connect } from '../daemon/control-client.ts';
import { systemClock } from '../model/clock.ts';
import type { Event } from '../model/event.ts';
import { createLogger } from '../report/logger.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';

export const events: CommandModule = {
  showsState: true,

  configure(command) {
    command
      .argument('[name]', 'only of this task')
      .addHelpText('after', '\nGoes on until the daemon ends. With -o json, a line as the control API tells it.');
  },

  async run(command, shell) {
    const { terminal } = shell;
    const { stateDirectory } = settingsOf(command, shell);
    const client = await connect(stateDirectory);
    if (client === null) {
      terminal.note(`cloudsync: no daemon is running: no process holds ${stateDirectory}`);
      return exitCodes.noDaemon;
    }
    const log = await createLogger({
      ...{ format: 'text', level: 'debug', clock: systemClock, color: terminal.color.stdout },
      stream: { write: (text) => terminal.print(text) },
    });
    const isJson = outputFormat(command) === 'json';
    const ended = await client.events(command.args[0] ?? null, (line) =>
      isJson ? terminal.print(line) : log(JSON.parse(line) as Event),
    );
    terminal.note(`cloudsync: ${ended.ok ? 'the daemon has ended' : ended.error}`);
    return ended.ok ? exitCodes.done : exitCodes.noDaemon;
  },
};
