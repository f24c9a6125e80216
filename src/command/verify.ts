import { renderCredentialReports } from '../report/credential-table.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import { findInspector } from './inspection.ts';
import type { CommandModule } from './registry.ts';

export const verify: CommandModule = {
  configure(command) {
    command
      .argument('[credential...]', 'by metadata.name (default: all)')
      .addHelpText('after', '\nConnects and lists, within 30 seconds each, also where the tasks of a credential go.');
  },

  async run(command, shell) {
    const { terminal } = shell;
    const inspector = await findInspector(settingsOf(command, shell), shell);
    const reports = inspector.ok
      ? await inspector.value.verify(command.args.length === 0 ? null : command.args)
      : inspector;
    if (!reports.ok) {
      terminal.note(`cloudsync: ${reports.error}`);
      return exitCodes.failed;
    }
    if (outputFormat(command) === 'json') terminal.print(JSON.stringify(reports.value, null, 2));
    else {
      const { width, color } = terminal;
      terminal.print(renderCredentialReports(reports.value, { width, color: color.stdout }));
    }
    const works = reports.value.every(({ accepted, places }) => accepted && places.every(({ reachable }) => reachable));
    return works ? exitCodes.done : exitCodes.failed;
  },
};
