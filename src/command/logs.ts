import { join } from 'node:path';
import { emptyHistory } from '../model/history.ts';
import { renderLogLine } from '../report/log-line.ts';
import { readHistories } from '../state/history-store.ts';
import { readRunLog } from '../state/run-log.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';

export const logs: CommandModule = {
  configure(command) {
    command
      .argument('<name>', 'the task, by its metadata.name')
      .option('--run <id>', 'this run, as history names it (default: the latest)');
  },

  async run(command, shell) {
    const [name = ''] = command.args;
    const { terminal } = shell;
    const state = stateDirectory(settingsOf(command, shell).stateDirectory);
    const id = command.opts<{ readonly run?: string }>().run;
    const histories = await readHistories(state, [name], 'leave');
    const { runs } = histories.get(name) ?? emptyHistory;
    const record = id === undefined ? runs[0] : runs.find((run) => run.id === id);
    if (record === undefined) {
      terminal.note(
        `cloudsync: ${id === undefined ? `task ${name} has not run yet` : `there is no run ${id} of ${name}`}`,
      );
      return exitCodes.failed;
    }
    if (record.log === null) {
      terminal.note(`cloudsync: run ${record.id} has no log: ${record.lastError ?? record.outcome}`);
      return exitCodes.failed;
    }
    const lines = await readRunLog(join(state.path, record.log));
    if (!lines.ok) {
      terminal.note(`cloudsync: the log of run ${record.id} cannot be read: ${lines.error}`);
      return exitCodes.failed;
    }
    for await (const line of lines.value) {
      terminal.print(outputFormat(command) === 'json' ? line : renderLogLine(line, { color: terminal.color.stdout }));
    }
    return exitCodes.done;
  },
};
