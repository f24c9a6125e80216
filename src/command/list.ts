import { renderEntries } from '../report/entry-table.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import { findInspector } from './inspection.ts';
import type { CommandModule } from './registry.ts';

export const list: CommandModule = {
  configure(command) {
    command
      .argument('<credential>', 'by its metadata.name')
      .argument('[path]', 'bucket and folder, or with --task a folder below that of the task')
      .option('--task <name>', 'look from where this task goes, through its encryption');
  },

  async run(command, shell) {
    const { terminal } = shell;
    const [credential = '', folder = ''] = command.args;
    const task = command.opts<{ readonly task?: string }>().task ?? null;
    const inspector = await findInspector(settingsOf(command, shell), shell);
    const entries = inspector.ok ? await inspector.value.list({ credential, task, folder }) : inspector;
    if (!entries.ok) {
      terminal.note(`cloudsync: ${entries.error}`);
      return exitCodes.failed;
    }
    const { width, color } = terminal;
    if (outputFormat(command) === 'json') terminal.print(JSON.stringify(entries.value, null, 2));
    else terminal.print(renderEntries(entries.value, { width, color: color.stdout }));
    return exitCodes.done;
  },
};
