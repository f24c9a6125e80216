import { type ControlClient, connect } from '../daemon/control-client.ts';
import type { Settings } from '../daemon/settings.ts';
import { createSharedTools } from '../daemon/shared-tools.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { RunRecord, RunWish } from '../model/run.ts';
import { recall } from '../run/memories.ts';
import { simulate } from '../run/simulate.ts';
import { readManifests } from './desired-task.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { createRunWatcher, type RunWatcher } from './run-watcher.ts';
import type { Shell } from './shell.ts';
import { holdingTasks } from './short-session.ts';
import { type Stopping, stopOnSignal } from './stopping.ts';
import { UsageError } from './usage-error.ts';

export const run: CommandModule = {
  configure(command) {
    command
      .argument('<name>', 'the task, by its metadata.name')
      .option('--dry-run', 'connect, and show what would change; nothing is changed here or there')
      .option('--accept-file-system', 'let directories lie on another file system than at the last success')
      .option('--allow-deletes <n>', 'let this run delete up to N files, whatever safety.maxDelete says')
      .addHelpText(
        'after',
        '\nA daemon that holds the state runs the task as it applied it; without one, the manifest is run as it is now.',
      );
  },

  async run(command, shell) {
    const [name = ''] = command.args;
    const wish = wishOf(command.opts<RunCommandOptions>());
    const watcher = createRunWatcher(shell);
    using stopping = stopOnSignal(shell);
    const order: Order = { name, wish, settings: settingsOf(command, shell), shell, watcher, stopping };
    const ended = await runSomewhere(order);
    watcher.close();
    if (!ended.ok) {
      shell.terminal.note(`cloudsync: ${ended.error.message}`);
      return ended.error.exitCode;
    }
    watcher.show(ended.value, outputFormat(command));
    return stopping.exitCode() ?? exitCodeOf(ended.value.outcome);
  },
};

interface RunCommandOptions {
  readonly dryRun?: boolean;
  readonly allowDeletes?: string;
  readonly acceptFileSystem?: boolean;
}

function wishOf({ dryRun = false, allowDeletes, acceptFileSystem = false }: RunCommandOptions): RunWish {
  if (allowDeletes !== undefined && !/^\d{1,15}$/.test(allowDeletes)) {
    throw new UsageError(`--allow-deletes must be a number of files, not ${allowDeletes}`);
  }
  const wish = { dryRun, allowDeletes: allowDeletes === undefined ? null : Number(allowDeletes) };
  return acceptFileSystem ? { ...wish, acceptFileSystem } : wish;
}

interface Order {
  readonly name: string;
  readonly wish: RunWish;
  readonly settings: Settings;
  readonly shell: Shell;
  readonly watcher: RunWatcher;
  readonly stopping: Stopping;
}

type Ended = Result<RunRecord, Failure>;

/** The process that holds the state runs the task, so that no two runs of it meet; else this one does. */
async function runSomewhere(order: Order): Promise<Ended> {
  const client = await connect(order.settings.stateDirectory);
  if (client !== null) return runByHolder(client, order);
  return order.wish.dryRun ? simulateHere(order) : runHere(order);
}

async function runByHolder(client: ControlClient, { name, wish, watcher, stopping }: Order): Promise<Ended> {
  const stopped = (): Ended => err({ message: 'stopped', exitCode: stopping.exitCode() ?? exitCodes.interrupted });
  if (stopping.exitCode() !== null) return stopped();
  // A dry run ends with its listener; a real run has to be told.
  if (!wish.dryRun) stopping.onSignal(() => void client.abort(name));
  const running = client.run(name, wish, watcher.emit);
  const ended = wish.dryRun ? await Promise.race([running, stopping.signalled]) : await running;
  if (ended === null) return stopped();
  if (ended.ok) return ended;
  const { kind, message } = ended.error;
  const exitCode = { busy: exitCodes.skipped, unknown: exitCodes.failed, failed: exitCodes.failed }[kind];
  return err({ message, exitCode });
}

async function simulateHere({ name, wish, settings, shell, watcher, stopping }: Order): Promise<Ended> {
  const task = await readManifests(settings, shell, name);
  if (!task.ok) return err({ message: task.error, exitCode: exitCodes.failed });
  const controller = new AbortController();
  stopping.onSignal(() => controller.abort('Aborted'));
  const tools = createSharedTools({ settings, environment: shell.environment });
  const memory = await recall(tools.state, name);
  const record = await simulate(
    task.value.task,
    { ...wish, memory },
    {
      ...tools,
      emit: watcher.emit,
      signal: controller.signal,
    },
  );
  return ok(record);
}

async function runHere({ name, wish, settings, shell, watcher, stopping }: Order): Promise<Ended> {
  const found = await readManifests(settings, shell, name);
  if (!found.ok) return err({ message: found.error, exitCode: exitCodes.failed });
  return holdingTasks(settings, shell, found.value.snapshot, async (handlers) => {
    const started = handlers.run(name, wish, watcher.emit);
    if (started.kind !== 'started') return err({ message: `task ${name} did not start`, exitCode: exitCodes.failed });
    stopping.onSignal(() => handlers.abort(name));
    return ok(await started.finished);
  });
}
