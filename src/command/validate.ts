import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { createManifestReader } from '../daemon/manifest-reader.ts';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { stateFault } from '../daemon/state-place.ts';
import { isError, type Problem } from '../model/problem.ts';
import { everything } from '../model/selection.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isCommitHook } from '../source/git.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { outputFormat, outputOf, settingsOf } from './global-options.ts';
import { reportChoices, reportHelp } from './output.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';
import { printProblems } from './validate-output.ts';

/**
 * Checks without changing anything. No state is read or written, only its place is judged; rclone is asked about backends
 * that are not ours.
 */
export const validate: CommandModule = {
  reports: true,

  configure(command) {
    command
      .argument('[path...]', 'manifests, or directories of manifests (default: the tasks directory)')
      .option('--explain-filters <name>', 'say of each path in a task whether it would be taken, and by which entry')
      .addHelpText('after', '\nManifests beside a named one are read too: names must be unique, credentials exist.')
      .addHelpText('after', reportHelp);
  },

  async run(command, shell) {
    const { explainFilters: name } = command.opts<{ readonly explainFilters?: string }>();
    if (name !== undefined) return explain(name, command, shell);
    const settings = settingsOf(command, shell);
    const output = outputOf(command, reportChoices, shell);
    const { tasksName, tasksDirectory } = settings;
    const search = createProviderSearch(settings, shell.environment);
    const targets = await targetsOf(command.args, { name: tasksName, directory: tasksDirectory }, shell);
    const problems: Problem[] = [];
    const manifests: string[] = [];
    for (const { name, only } of targets) {
      const snapshot = await takeSnapshot({
        directory: name,
        previous: null,
        startedByGit: isCommitHook(shell.environment),
      });
      if (!snapshot.ok) {
        shell.terminal.note(`cloudsync: ${snapshot.error.message}`);
        return exitCodes.failed;
      }
      const absent = missingFrom(snapshot.value, only);
      if (absent.length > 0) {
        for (const file of absent)
          shell.terminal.note(
            `cloudsync: ${join(name, file)} is no manifest: expected a file *.yaml or *.yml that exists`,
          );
        return exitCodes.failed;
      }
      const desired = await createManifestReader({ settings: { ...settings, selection: everything }, search })(
        snapshot.value,
        new Map(),
      );
      const wanted = only === null ? null : new Set([...only].map((file) => join(name, file)));
      problems.push(...desired.problems.filter(({ file }) => wanted === null || wanted.has(file)));
      manifests.push(...(wanted ?? snapshot.value.files.map(({ path }) => join(name, path))));
    }

    const fault = await stateFault(settings, shell.environment);
    if (fault !== null) problems.push(stateProblem(settings.stateDirectory, fault));
    const directory = targets[0]?.name ?? tasksName;
    const delivered = await printProblems({ directory, manifests, problems }, output, shell);
    return delivered && !problems.some(isError) ? exitCodes.done : exitCodes.failed;
  },
};

async function explain(name: string, command: Command, shell: Shell): Promise<ExitCode> {
  if (command.args.length === 0) {
    throw new UsageError('--explain-filters needs paths to explain; a folder ends with a slash');
  }
  const { explainFilters } = await import('./explain-filters.ts');
  const order = { name, paths: command.args, settings: settingsOf(command, shell), format: outputFormat(command) };
  return explainFilters(order, shell);
}

/** Of no manifest, so the place is the directory itself. */
function stateProblem(file: string, message: string): Problem {
  return { code: 'CS051', severity: 'error', file, line: 1, column: 1, message, hint: null, frame: null };
}

/** A directory to read, and the files in it that were asked about; `null` for all. */
interface Target {
  readonly name: string;
  readonly only: ReadonlySet<string> | null;
}

async function targetsOf(
  paths: readonly string[],
  tasks: { readonly name: string; readonly directory: string },
  { workingDirectory }: Shell,
): Promise<readonly Target[]> {
  if (paths.length === 0) return [{ name: tasks.name, only: null }];
  const directories = new Map<string, Set<string> | null>();
  for (const path of paths) {
    const absolute = resolve(workingDirectory, path);
    if (await isDirectory(absolute)) {
      directories.set(path, null);
      continue;
    }
    const inTasks = relative(tasks.directory, absolute);
    const [directory, file] = inTasks.startsWith('..') ? [dirname(path), basename(path)] : [tasks.name, inTasks];
    const known = directories.get(directory);
    if (known !== null) directories.set(directory, new Set([...(known ?? []), file]));
  }
  return [...directories].map(([name, only]) => ({ name, only }));
}

/** A file that was asked about and not read must not count as checked. */
function missingFrom({ files }: Snapshot, only: Target['only']): readonly string[] {
  const read = new Set(files.map(({ path }) => path));
  return [...(only ?? [])].filter((file) => !read.has(file));
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
