import { emptyHistory } from '../model/history.ts';
import { renderHistory } from '../report/history-table.ts';
import { readActiveSet } from '../state/active-store.ts';
import { readHistories } from '../state/history-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { readManifests } from './desired-task.ts';
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
    const settings = settingsOf(command, shell);
    const state = stateDirectory(settings.stateDirectory);
    const known = (await readHistories(state, [name], 'leave')).get(name);
    const isTask = known !== undefined || (await readActiveSet(state)).has(name);
    const found = isTask ? null : await readManifests(settings, shell, name);
    if (found?.ok === false) {
      terminal.note(`cloudsync: ${found.error}`);
      return exitCodes.failed;
    }
    const { runs } = known ?? emptyHistory;
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
