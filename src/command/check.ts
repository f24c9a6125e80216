import { isEqual } from '../model/check.ts';
import { checkDocument, renderCheck } from '../report/check-result.ts';
import { doErrand } from './errand-place.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { createRunWatcher } from './run-watcher.ts';
import { stopOnSignal } from './stopping.ts';
import { UsageError } from './usage-error.ts';

interface CheckOptions {
  readonly download?: boolean;
  readonly sample?: number;
}

export const check: CommandModule = {
  configure(command) {
    command
      .argument('<name>', 'the task, by its metadata.name')
      .option('--download', 'read every file of both sides in full')
      .option('--sample <count>', 'read this many random files back in full (default: spec.verify.sample)', sampleOf)
      .addHelpText(
        'after',
        '\nCompares both sides by the filters of the task and changes nothing. Ends with 0 when all is equal, else with 1.\n' +
          'Compares hashes where both sides have them, else sizes, and says which: SizesEqual is not Equal, and ends with 1.\n' +
          'What is extra at the destination of a COPY is counted, and no fault.\n\n' +
          'Examples:\n' +
          '  cloudsync check photos               # downloads nothing\n' +
          '  cloudsync check photos --sample 20   # reads 20 random files back in full\n' +
          '  cloudsync check photos --download    # reads every file of both sides',
      );
  },

  async run(command, shell) {
    const [name = ''] = command.args;
    const { download = false, sample = null } = command.opts<CheckOptions>();
    const order = { download, sample };
    const { terminal } = shell;
    const watcher = createRunWatcher(shell);
    using stopping = stopOnSignal(shell);
    const controller = new AbortController();
    stopping.onSignal(() => controller.abort('Aborted'));
    const done = await doErrand({ task: name, onlyLooks: false }, settingsOf(command, shell), shell, (errands) =>
      errands.check(name, order, watcher.emit, controller.signal),
    );
    watcher.close();
    if (!done.ok) {
      terminal.note(`cloudsync: ${done.error.message}`);
      return stopping.exitCode() ?? done.error.exitCode;
    }
    if (outputFormat(command) === 'json') terminal.print(JSON.stringify(checkDocument(done.value), null, 2));
    else terminal.print(renderCheck(done.value, { color: terminal.color.stdout }));
    return stopping.exitCode() ?? (isEqual(done.value.verdict) ? exitCodes.done : exitCodes.failed);
  },
};

function sampleOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`--sample: "${text}" is not a number of files; write for example --sample 20`);
}
