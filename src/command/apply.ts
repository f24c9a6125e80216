import type { Command } from 'commander';
import { type ControlClient, connect } from '../daemon/control-client.ts';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { readOnce } from '../daemon/read-once.ts';
import { type Reconciliation, reconcile } from '../daemon/reconcile.ts';
import { openSession } from '../daemon/session.ts';
import type { Settings } from '../daemon/settings.ts';
import { systemClock } from '../model/clock.ts';
import { hasChanges, type Plan } from '../model/plan.ts';
import { isError } from '../model/problem.ts';
import { err, ok, type Result } from '../model/result.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { readActiveSet } from '../state/active-store.ts';
import { readApprovedPrune } from '../state/approved-prune.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { warningPrinter } from './event-printer.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { outputOf, settingsOf } from './global-options.ts';
import { reportChoices } from './output.ts';
import { printPlan } from './plan-output.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';

interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly detailedExitcode?: boolean;
  readonly verbose?: boolean;
}

export const apply: CommandModule = {
  reports: true,
  configure(command) {
    command.option('--dry-run', 'show what would be done, and do nothing');
    addPlanOptions(command);
  },
  run: (command, shell) => showOrApply(command, shell, command.opts<ApplyOptions>().dryRun === true),
};

export const plan: CommandModule = {
  reports: true,
  configure: addPlanOptions,
  run: (command, shell) => showOrApply(command, shell, true),
};

function addPlanOptions(command: Command): void {
  command
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .option('-v, --verbose', 'list unchanged tasks too');
}

/** What was, or would be, done. */
interface Applied {
  readonly plan: Plan;
  readonly failures: Reconciliation['failures'];
  /** Whether a daemon holds the schedules. */
  readonly daemon: boolean;
}

async function showOrApply(command: Command, shell: Shell, dryRun: boolean): Promise<ExitCode> {
  const settings = settingsOf(command, shell);
  const output = outputOf(command, { ...reportChoices, savedPlan: dryRun }, shell);
  const applied = dryRun ? await preview(settings, shell) : await applyNow(settings, shell);
  if (!applied.ok) {
    shell.terminal.note(`cloudsync: ${applied.error.message}`);
    return applied.error.exitCode;
  }
  const { plan: shown, failures, daemon } = applied.value;
  const options = command.opts<ApplyOptions>();
  const delivered = await printPlan(shown, { output, verbose: options.verbose === true }, shell);
  for (const { task, detail } of failures)
    shell.terminal.note(`cloudsync: task ${task} could not be recorded: ${detail}`);
  if (!dryRun && !daemon && failures.length === 0) {
    shell.terminal.note('Recorded. No daemon is running: schedules take effect when one starts.');
  }
  if (failures.length > 0 || !delivered) return exitCodes.failed;
  return exitCodeOfPlan(shown, options.detailedExitcode === true);
}

function exitCodeOfPlan(shown: Plan, detailed: boolean): ExitCode {
  if (shown.problems.some(isError)) return exitCodes.failed;
  if (shown.summary.blocked > 0) return exitCodes.refused;
  return detailed && hasChanges(shown) ? exitCodes.changes : exitCodes.done;
}

interface Failure {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** The same pass as an apply, up to where it would write. */
async function preview(settings: Settings, { environment }: Shell): Promise<Result<Applied, Failure>> {
  const state = stateDirectory(settings.stateDirectory);
  const active = await readActiveSet(state, 'leave');
  const reading = await readOnce(settings, createProviderSearch(settings, environment), active);
  if (!reading.ok) return err({ message: reading.error.message, exitCode: exitCodes.failed });
  const input = {
    desired: reading.value.desired,
    active,
    now: systemClock.now(),
    approvedPrune: await readApprovedPrune(state),
  };
  const { plan: previewed, failures } = await reconcile(input, null);
  return ok({ plan: previewed, failures, daemon: false });
}

async function applyNow(settings: Settings, shell: Shell): Promise<Result<Applied, Failure>> {
  const client = await connect(settings.stateDirectory);
  if (client !== null) return applyByDaemon(client);
  const session = await openSession(
    { settings, clock: systemClock, environment: shell.environment, emit: warningPrinter(shell) },
    'apply',
  );
  if (!session.ok) {
    const { kind, message } = session.error;
    return err({ message, exitCode: kind === 'held' ? exitCodes.noDaemon : exitCodes.failed });
  }
  try {
    const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
    if (!snapshot.ok) return err({ message: snapshot.error.message, exitCode: exitCodes.failed });
    const { plan: done, failures } = await session.value.engine.apply(snapshot.value);
    return ok({ plan: done, failures, daemon: false });
  } finally {
    await session.value.close();
  }
}

async function applyByDaemon(client: ControlClient): Promise<Result<Applied, Failure>> {
  const { command, pid } = client.identity;
  if (command !== 'daemon') {
    const message = `"cloudsync ${command}" (process ${pid}) holds the state directory; try again when it has ended`;
    return err({ message, exitCode: exitCodes.noDaemon });
  }
  const done = await client.reconcile();
  return done.ok ? ok({ ...done.value, daemon: true }) : err({ message: done.error, exitCode: exitCodes.failed });
}
