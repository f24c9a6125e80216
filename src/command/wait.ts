import { type Command, Option } from 'commander';
import { type ControlClient, connect } from '../daemon/control-client.ts';
import type { Settings } from '../daemon/settings.ts';
import { parseDuration } from '../manifest/quantity.ts';
import { systemClock } from '../model/clock.ts';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import type { TaskStatus } from '../model/status.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import { settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { stopOnSignal } from './stopping.ts';
import { UsageError } from './usage-error.ts';
import { endedYet, healthyYet, type KnownTask, missingText, runsOf, syncedYet, type Verdict } from './wait-verdict.ts';

type Wish = 'synced' | 'run' | 'healthy';

interface WaitOptions {
  readonly for: Wish;
  readonly timeout: string;
}

export const wait: CommandModule = {
  showsState: true,

  configure(command) {
    command
      .argument('[name...]', 'these tasks; all when left out')
      .addOption(
        new Option('--for <what>', 'what to wait for').choices(['synced', 'run', 'healthy']).makeOptionMandatory(),
      )
      .option('--timeout <duration>', 'how long to wait, such as 90s or 1h', '5m')
      .addHelpText(
        'after',
        `
synced   what the manifests say now is in force: after a commit, in CI
run      the next run of each named task has ended; exits as "cloudsync run" would
healthy  the last run of each task has succeeded, and none is overdue; suspended tasks do not count
Exits with 124 when the time is over, and with 1 at once where waiting is in vain, as for an invalid manifest.`,
      );
  },

  async run(command, shell) {
    const timeoutMs = timeoutOf(command);
    const names = command.args;
    const { for: wish } = command.opts<WaitOptions>();
    if (wish === 'run' && names.length === 0) throw new UsageError('--for run needs the names of tasks');
    using stopping = stopOnSignal(shell);
    const judge = judgeOf(wish, names, settingsOf(command, shell));
    const ended = await Promise.race([waitFor(timeoutMs, judge), stopping.signalled]);
    if (ended === null) return stopping.exitCode() ?? exitCodes.interrupted;
    if (!ended.ok) shell.terminal.note(`cloudsync: ${ended.error.message}`);
    return ended.ok ? exitCodes.done : ended.error.exitCode;
  },
};

function timeoutOf(command: Command): number {
  const { timeout } = command.opts<WaitOptions>();
  const parsed = parseDuration(timeout);
  if (!parsed.ok) throw new UsageError(`--timeout is ${timeout}; ${parsed.error}`);
  return parsed.value;
}

/** Asks again no sooner than this, and never spends more than a tenth of the time on asking. */
const intervalMs = 250;

async function waitFor(timeoutMs: number, judge: () => Promise<Verdict>): Promise<Result<void, Failure>> {
  const deadline = systemClock.now() + timeoutMs;
  for (;;) {
    const startedAt = systemClock.now();
    const verdict = await judge();
    if (verdict.kind === 'done') return ok(undefined);
    if (verdict.kind === 'never') return err(verdict);
    const now = systemClock.now();
    if (now >= deadline) {
      return err({ message: `waited in vain: ${missingText(verdict.missing)}`, exitCode: exitCodes.timedOut });
    }
    const pauseMs = Math.min(Math.max(intervalMs, 10 * (now - startedAt)), Math.max(intervalMs, deadline - now));
    await new Promise<void>((resolve) => systemClock.setTimer(resolve, pauseMs));
  }
}

function judgeOf(wish: Wish, names: readonly string[], settings: Settings): () => Promise<Verdict> {
  let runsBefore: ReadonlyMap<string, string | null> | null = null;
  return async () => {
    const asked = await askDaemon(settings.stateDirectory);
    if ('kind' in asked) return asked;
    const { client, known } = asked;
    const absent = names.filter((name) => !known.has(name));
    switch (wish) {
      case 'run':
        if (absent.length > 0) return unknownTask(absent);
        runsBefore ??= runsOf(names, known);
        return endedYet(names, known, runsBefore);
      case 'healthy':
        return absent.length > 0 ? unknownTask(absent) : healthyYet(names, known);
      case 'synced': {
        // By the daemon, which may take care of some tasks only, or keep those without a manifest.
        const pass = await client.plan();
        return pass.ok ? syncedYet(names, pass.value.plan, known) : { kind: 'wait', missing: [pass.error] };
      }
      default:
        return unreachable(wish);
    }
  };
}

/** By name, as the daemon sees them at this moment. One that starts, or does not answer, may yet do so. */
async function askDaemon(
  directory: string,
): Promise<{ readonly client: ControlClient; readonly known: ReadonlyMap<string, KnownTask> } | Verdict> {
  const client = await connect(directory);
  if (client === null || client.identity.command !== 'daemon') {
    const message = `no daemon is running: nobody holds ${directory}`;
    return { kind: 'never', message, exitCode: exitCodes.noDaemon };
  }
  const report = await client.status();
  if (!report.ok) return { kind: 'wait', missing: [report.error] };
  const named = report.value.tasks.flatMap(({ metadata, status }) =>
    metadata.name === null ? [] : [[metadata.name, status as TaskStatus] as const],
  );
  return { client, known: new Map(named) };
}

function unknownTask(names: readonly string[]): Verdict {
  return { kind: 'never', message: `there is no task ${names.join(', ')}`, exitCode: exitCodes.failed };
}
