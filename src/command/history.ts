import type { Settings } from '../daemon/settings.ts';
import { emptyHistory } from '../model/history.ts';
import { ok, type Result } from '../model/result.ts';
import { renderHistory } from '../report/history-table.ts';
import { readActiveSet } from '../state/active-store.ts';
import { readHistories } from '../state/history-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { readManifests } from './desired-task.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { runDocument } from './run-watcher.ts';
import type { Shell } from './shell.ts';

export const history: CommandModule = {
  showsState: true,

  configure(command) {
    command.argument('<name>', 'the task, by its metadata.name');
  },

  async run(command, shell) {
    const [name = ''] = command.args;
    const { terminal } = shell;
    const settings = settingsOf(command, shell);
    const known = (await readHistories(stateDirectory(settings.stateDirectory), [name], 'leave')).get(name);
    const found = known === undefined ? await findTask(name, settings, shell) : ok(known);
    if (!found.ok) {
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

/** Of a task that has not run yet; the error says why there is no such task. */
async function findTask(name: string, settings: Settings, shell: Shell): Promise<Result<unknown, string>> {
  const active = await readActiveSet(stateDirectory(settings.stateDirectory));
  return !active.ok || active.value.has(name) ? active : readManifests(settings, shell, name);
}
