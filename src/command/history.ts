import { emptyHistory } from '../model/history.ts';
import { renderHistory } from '../report/history-table.ts';
import { readHistories } from '../state/history-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { runDocument } from './run-watcher.ts';

export const history: CommandModule = {
  configure(command) {
    command.argument('<name>', 'the task, by its metadata.name');
  },

  async run(command, shell) {
    const [name = ''] = command.args;
    const { terminal } = shell;
    const histories = await readHistories(stateDirectory(settingsOf(command, shell).stateDirectory), [name], 'leave');
    const { runs } = histories.get(name) ?? emptyHistory;
    if (outputFormat(command) === 'json')
      terminal.print(
        JSON.stringify(
          runs.map((run) => runDocument(run, [])),
          null,
          2,
        ),
      );
    else terminal.print(renderHistory(runs, { timeZone: null, width: terminal.width, color: terminal.color.stdout }));
    return exitCodes.done;
  },
};
