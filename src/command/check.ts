import { checkDocument, renderCheck } from '../report/check-result.ts';
import { doErrand } from './errand-place.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { createRunWatcher } from './run-watcher.ts';
import { stopOnSignal } from './stopping.ts';

export const check: CommandModule = {
  configure(command) {
    command
      .argument('<name>', 'the task, by its metadata.name')
      .addHelpText(
        'after',
        '\nCompares both sides by the filters of the task and changes nothing. Ends with 0 when all is equal, else with 1.\n' +
          'What is extra at the destination of a COPY is counted, and no fault.',
      );
  },

  async run(command, shell) {
    const [name = ''] = command.args;
    const { terminal } = shell;
    const watcher = createRunWatcher(shell);
    using stopping = stopOnSignal(shell);
    const controller = new AbortController();
    stopping.onSignal(() => controller.abort('Aborted'));
    const done = await doErrand({ task: name, onlyLooks: false }, settingsOf(command, shell), shell, (errands) =>
      errands.check(name, watcher.emit, controller.signal),
    );
    watcher.close();
    if (!done.ok) {
      terminal.note(`cloudsync: ${done.error.message}`);
      return stopping.exitCode() ?? done.error.exitCode;
    }
    if (outputFormat(command) === 'json') terminal.print(JSON.stringify(checkDocument(done.value), null, 2));
    else terminal.print(renderCheck(done.value, { color: terminal.color.stdout }));
    return stopping.exitCode() ?? (done.value.verdict === 'Equal' ? exitCodes.done : exitCodes.failed);
  },
};
