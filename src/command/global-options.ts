import { isAbsolute, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Settings } from '../daemon/settings.ts';
import { parseSelector } from '../manifest/selector.ts';
import { ok, type Result } from '../model/result.ts';
import type { Selection } from '../model/selection.ts';
import { type PrunePolicy, prunePolicies } from '../plan/prune-guard.ts';
import { type Output, type OutputChoices, type PlainFormat, parseOutput, plainChoices } from './output.ts';
import type { Shell } from './shell.ts';
import { locateState, type StateLocation } from './state-location.ts';
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
  readonly selector: readonly string[];
  readonly name: readonly string[];
  readonly prune: PrunePolicy;
  readonly pruneGrace: string;
  readonly strict: boolean;
}

/** Options of every command. Each has a twin in the environment, which the option overrides. */
export function addGlobalOptions(program: Command): void {
  program
    .addOption(new Option('--tasks <dir>', 'directory of the manifests').env('CLOUDSYNC_TASKS').default('tasks.d'))
    .addOption(
      new Option('--state-dir <dir>', 'where the state is kept (default: of the user, outside of TASKS)').env(
        'CLOUDSYNC_STATE_DIR',
      ),
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
      new Option('--selector <labels>', 'take care only of tasks with these labels, such as team=media')
        .env('CLOUDSYNC_SELECTOR')
        .argParser<readonly string[]>((value, before) => [...before, value])
        .default([], 'all'),
    )
    .addOption(
      new Option('--name <name>', 'take care only of tasks of this name; * stands for anything (repeatable)')
        .env('CLOUDSYNC_NAME')
        .argParser<readonly string[]>((value, before) => [...before, ...value.split(',').map((name) => name.trim())])
        .default([], 'all'),
    )
    .addOption(
      new Option('--prune <policy>', 'whether schedules end whose manifests are gone')
        .env('CLOUDSYNC_PRUNE')
        .choices(prunePolicies)
        .default('guarded'),
    )
    .addOption(
      new Option('--prune-grace <seconds>', 'how long a manifest must be gone until its schedule ends')
        .env('CLOUDSYNC_PRUNE_GRACE')
        .default('10'),
    )
    .addOption(
      new Option('--strict', 'change nothing while a manifest is not valid').env('CLOUDSYNC_STRICT').default(false),
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

export function settingsOf(command: Command, { workingDirectory, environment }: Shell): Settings {
  const options = command.optsWithGlobals<GlobalOptions>();
  const absolute = (path: string) => resolve(workingDirectory, path);
  const tasksDirectory = absolute(options.tasks);
  const maxConcurrentRuns = Number(options.maxConcurrentRuns);
  if (!Number.isInteger(maxConcurrentRuns) || maxConcurrentRuns < 1) {
    throw new UsageError(`--max-concurrent-runs must be a whole number from 1, not ${options.maxConcurrentRuns}`);
  }
  const { stateDir } = options;
  const state: Result<StateLocation, string> =
    stateDir === undefined
      ? locateState(tasksDirectory, environment)
      : ok({ path: absolute(stateDir), origin: 'named' });
  if (!state.ok) throw new UsageError(state.error);
  return {
    tasksName: options.tasks,
    tasksDirectory,
    stateDirectory: state.value.path,
    stateOrigin: state.value.origin,
    statusDirectory: options.statusDir === undefined ? null : absolute(options.statusDir),
    rclone: isPath(options.rclone) ? absolute(options.rclone) : options.rclone,
    pathRoots: options.pathRoot.map(absolute),
    commands: options.scripts,
    maxConcurrentRuns,
    selection: selectionOf(options),
    prune: options.prune,
    pruneGraceMs: secondsOf('--prune-grace', options.pruneGrace) * 1000,
    strict: options.strict,
    version: version(),
  };
}

function selectionOf({ selector, name: names }: GlobalOptions): Selection {
  const labels = selector.flatMap((text) => {
    const parsed = parseSelector(text);
    if (!parsed.ok) throw new UsageError(`--selector: ${parsed.error}`);
    return parsed.value;
  });
  return { names, labels };
}

/** Throws a `UsageError` where the option is no number of seconds. */
export function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0) {
    throw new UsageError(`${option} must be a number of seconds, not ${text}`);
  }
  return seconds;
}

/** A bare name is looked up on `PATH`; anything else is a path. */
function isPath(name: string): boolean {
  return isAbsolute(name) || name.includes('/');
}
