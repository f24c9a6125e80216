import { isAbsolute, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Settings } from '../daemon/settings.ts';
import { type Output, type OutputChoices, type PlainFormat, parseOutput, plainChoices } from './output.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

interface GlobalOptions {
  readonly tasks: string;
  readonly stateDir?: string;
  readonly statusDir?: string;
  readonly rclone: string;
  readonly pathRoot: readonly string[];
  readonly scripts: boolean;
  readonly maxConcurrentRuns: string;
  readonly output: readonly string[];
}

/** Options of every command. Each has a twin in the environment, which the option overrides. */
export function addGlobalOptions(program: Command): void {
  program
    .addOption(new Option('--tasks <dir>', 'directory of the manifests').env('CLOUDSYNC_TASKS').default('tasks.d'))
    .addOption(
      new Option('--state-dir <dir>', 'where the state is kept (default: TASKS/.cloudsync)').env('CLOUDSYNC_STATE_DIR'),
    )
    .addOption(
      new Option('--status-dir <dir>', 'where status files go (default: beside the manifests)').env(
        'CLOUDSYNC_STATUS_DIR',
      ),
    )
    .addOption(new Option('--rclone <path>', 'the rclone to use').env('CLOUDSYNC_RCLONE').default('rclone'))
    .addOption(
      new Option('--path-root <dir>', 'refuse tasks whose local path is not in DIR (repeatable)')
        .env('CLOUDSYNC_PATH_ROOT')
        .argParser<readonly string[]>((value, before) => [...before, ...value.split(':').filter((part) => part !== '')])
        .default([], 'anywhere'),
    )
    .addOption(
      new Option('--no-scripts', 'refuse manifests that run scripts or commands here').env('CLOUDSYNC_NO_SCRIPTS'),
    )
    .addOption(
      new Option('--max-concurrent-runs <n>', 'how many tasks may run at once')
        .env('CLOUDSYNC_MAX_CONCURRENT_RUNS')
        .default('4'),
    )
    .addOption(
      new Option('-o, --output <format>', 'how to print the result: text or json; validate, plan and apply have more')
        .env('CLOUDSYNC_OUTPUT')
        .argParser<readonly string[]>((value, before) => [...before, value])
        .default([], 'text'),
    );
}

/** The format of a command that only prints. */
export function outputFormat(command: Command): PlainFormat {
  return parse(command, plainChoices, '').printed;
}

/** Of a command that also writes files. */
export function outputOf(command: Command, choices: OutputChoices, { workingDirectory }: Shell): Output {
  return parse(command, choices, workingDirectory);
}

function parse<Format extends string>(
  command: Command,
  choices: OutputChoices<Format>,
  directory: string,
): Output<Format> {
  const source = command.getOptionValueSourceWithGlobals('output') === 'env' ? 'CLOUDSYNC_OUTPUT' : '--output';
  return parseOutput(command.optsWithGlobals<GlobalOptions>().output, choices, { source, directory });
}

export function settingsOf(command: Command, { workingDirectory }: Shell): Settings {
  const options = command.optsWithGlobals<GlobalOptions>();
  const absolute = (path: string) => resolve(workingDirectory, path);
  const tasksDirectory = absolute(options.tasks);
  const maxConcurrentRuns = Number(options.maxConcurrentRuns);
  if (!Number.isInteger(maxConcurrentRuns) || maxConcurrentRuns < 1) {
    throw new UsageError(`--max-concurrent-runs must be a whole number from 1, not ${options.maxConcurrentRuns}`);
  }
  return {
    tasksName: options.tasks,
    tasksDirectory,
    stateDirectory: options.stateDir === undefined ? join(tasksDirectory, '.cloudsync') : absolute(options.stateDir),
    statusDirectory: options.statusDir === undefined ? null : absolute(options.statusDir),
    rclone: isPath(options.rclone) ? absolute(options.rclone) : options.rclone,
    pathRoots: options.pathRoot.map(absolute),
    commands: options.scripts,
    maxConcurrentRuns,
    version: version(),
  };
}

/** A bare name is looked up on `PATH`; anything else is a path. */
function isPath(name: string): boolean {
  return isAbsolute(name) || name.includes('/');
}
