import { join } from 'node:path';
import { connect } from '../daemon/control-client.ts';
import type { Settings } from '../daemon/settings.ts';
import { emptyHistory } from '../model/history.ts';
import { err, ok, type Result } from '../model/result.ts';
import { renderLogLine } from '../report/log-line.ts';
import { readHistories } from '../state/history-store.ts';
import { readRunLog } from '../state/run-log.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';

export const logs: CommandModule = {
  showsState: true,

  configure(command) {
    command
      .argument('<name>', 'the task, by its metadata.name')
      .option('--run <id>', 'this run, as history names it (default: the latest)')
      .option('-f, --follow', 'go on until the run in flight has ended');
  },

  async run(command, shell) {
    const [task = ''] = command.args;
    const { run: id, follow = false } = command.opts<{ readonly run?: string; readonly follow?: boolean }>();
    const settings = settingsOf(command, shell);
    const { terminal } = shell;
    const isJson = outputFormat(command) === 'json';
    const show = (line: string) =>
      terminal.print(isJson ? line : renderLogLine(line, { color: terminal.color.stdout }));

    const client = follow ? await connect(settings.stateDirectory) : null;
    if (follow && client === null) terminal.note('No daemon is running, so there is nothing to follow.');
    const runId = id ?? null;
    const shown =
      client === null
        ? await showLog(settings, task, runId, show)
        : await client.followLog({ task, runId, follow }, show);
    if (shown.ok) return exitCodes.done;
    terminal.note(`cloudsync: ${shown.error}`);
    return exitCodes.failed;
  },
};

/** Of a run that has ended. */
async function showLog(
  settings: Settings,
  task: string,
  runId: string | null,
  show: (line: string) => void,
): Promise<Result<void, string>> {
  const state = stateDirectory(settings.stateDirectory);
  const histories = await readHistories(state, [task], 'leave');
  const { runs } = histories.get(task) ?? emptyHistory;
  const record = runId === null ? runs[0] : runs.find(({ id }) => id === runId);
  if (record === undefined)
    return err(runId === null ? `task ${task} has not run yet` : `there is no run ${runId} of ${task}`);
  if (record.log === null) return err(`run ${record.id} has no log: ${record.lastError ?? record.outcome}`);
  const lines = await readRunLog(join(state.path, record.log));
  if (!lines.ok) return err(`the log of run ${record.id} cannot be read: ${lines.error}`);
  for await (const line of lines.value) show(line);
  return ok(undefined);
}
