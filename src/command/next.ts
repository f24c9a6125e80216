import { systemClock } from '../model/clock.ts';
import { renderUpcoming, type UpcomingRun } from '../report/next-table.ts';
import { nextRuns } from '../schedule/next-run.ts';
import { daemonTimeZone } from '../schedule/times.ts';
import { readActiveSet } from '../state/active-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { noteTimeZone } from './time-zone-note.ts';
import { UsageError } from './usage-error.ts';

export const next: CommandModule = {
  showsState: true,

  configure(command) {
    command
      .argument('[name...]', 'only these tasks')
      .option('-n, --count <n>', 'how many runs to show', '10')
      .addHelpText(
        'after',
        '\nShows the schedules that were applied; `cloudsync plan` shows what the manifests would change.',
      );
  },

  async run(command, shell) {
    const count = Number(command.opts<{ readonly count: string }>().count);
    if (!Number.isInteger(count) || count < 1 || count > 10_000) {
      throw new UsageError('--count must be a whole number from 1 to 10000');
    }
    const settings = settingsOf(command, shell);
    const read = await readActiveSet(stateDirectory(settings.stateDirectory));
    if (!read.ok) {
      shell.terminal.note(`cloudsync: ${read.error}`);
      return exitCodes.failed;
    }
    const active = read.value;
    const unknown = command.args.filter((name) => !active.has(name));
    for (const name of unknown) shell.terminal.note(`cloudsync: no task ${name} has been applied`);

    noteTimeZone(shell);
    const now = systemClock.now();
    const runs = [...active.values()]
      .filter(({ name }) => command.args.length === 0 || command.args.includes(name))
      .flatMap(({ name, spec: { schedule, enabled } }) =>
        schedule === null || !enabled
          ? []
          : nextRuns(name, schedule, now, count).map(
              (at): UpcomingRun => ({ task: name, at, timeZone: schedule.timeZone ?? daemonTimeZone() }),
            ),
      )
      .sort((left, right) => left.at - right.at || (left.task < right.task ? -1 : 1))
      .slice(0, count);

    const { terminal } = shell;
    if (outputFormat(command) === 'json') terminal.print(JSON.stringify(runs.map(documentOf), null, 2));
    else terminal.print(renderUpcoming(runs, { now, width: terminal.width, color: terminal.color.stdout }));
    return unknown.length > 0 ? exitCodes.failed : exitCodes.done;
  },
};

function documentOf({ task, at, timeZone }: UpcomingRun): object {
  return { task, at: new Date(at).toISOString(), timeZone };
}
