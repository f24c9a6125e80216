import type { Command } from 'commander';
import { hasChanges, type Plan } from '../model/plan.ts';
import { isError } from '../model/problem.ts';
import { err, ok, type Result } from '../model/result.ts';
import { listed } from '../model/wording.ts';
import type { SavedPlan } from '../plan/saved-plan.ts';
import { staleText } from '../plan/stale-plan.ts';
import { type Applied, applyNow } from './apply-now.ts';
import { confirmDangers } from './confirm-dangers.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import { outputOf, settingsOf } from './global-options.ts';
import { otherOptions } from './other-options.ts';
import { reportChoices, reportHelp } from './output.ts';
import { printPlan } from './plan-output.ts';
import { type PlanSource, preview } from './plan-source.ts';
import { previewTransfers } from './preview-transfers.ts';
import { readSavedPlan } from './read-saved-plan.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';
import { noteTimeZone } from './time-zone-note.ts';
import { UsageError } from './usage-error.ts';

interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly detailedExitcode?: boolean;
  readonly verbose?: boolean;
  readonly transfers?: boolean;
  readonly base?: string;
  readonly state?: string;
  readonly yes?: boolean;
}

export const apply: CommandModule = {
  reports: true,
  configure(command) {
    command
      .argument('[plan]', 'a plan that was saved as JSON: apply only if it is what would be done now')
      .option('--dry-run', 'show what would be done, and do nothing')
      .option('-y, --yes', 'apply dangerous changes without asking; only a terminal is asked');
    addPlanOptions(command);
  },
  run: (command, shell) => showOrApply(command, shell, command.opts<ApplyOptions>().dryRun === true),
};

export const plan: CommandModule = {
  reports: true,
  showsState: true,
  configure: addPlanOptions,
  run: (command, shell) => showOrApply(command, shell, true),
};

function addPlanOptions(command: Command): void {
  command
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .option('--base <ref>', 'compare with a Git revision instead of what is active: what a pull request changes')
    .option('--state <file>', 'compare with what "cloudsync state pull" printed')
    .option('--transfers', 'show by dry runs what each created or changed task would copy and delete')
    .option('-v, --verbose', 'list unchanged tasks too')
    .addHelpText('after', `${reportHelp}\nA preview is saved with -o plan.json, for "cloudsync apply plan.json".`);
}

async function showOrApply(command: Command, shell: Shell, dryRun: boolean): Promise<ExitCode> {
  const output = outputOf(command, { ...reportChoices, savedPlan: dryRun }, shell);
  noteTimeZone(shell);
  const applied = await previewOrApply(command, shell, dryRun);
  if (!applied.ok) {
    shell.terminal.note(`cloudsync: ${applied.error.message}`);
    return applied.error.exitCode;
  }
  const { plan: shown, failure, daemon } = applied.value;
  noteInvalidBase(shown, shell);
  const options = command.opts<ApplyOptions>();
  const { tasksName, stateDirectory } = settingsOf(command, shell);
  const delivered = await printPlan(
    shown,
    { output, tasksName, verbose: options.verbose === true, isApplied: !dryRun && failure === null },
    shell,
  );
  if (failure !== null) {
    const advice = `Make room, or make ${stateDirectory} writable, and apply again.`;
    shell.terminal.note(`cloudsync: nothing was applied: the change could not be saved: ${failure}. ${advice}`);
  }
  if (!dryRun && !daemon && failure === null) {
    shell.terminal.note('Recorded. No daemon is running: schedules take effect when one starts.');
  }
  if (failure !== null || !delivered) return exitCodes.failed;
  return exitCodeOfPlan(shown, options.detailedExitcode === true);
}

/** They count as not active, so what is unchanged may look new. */
function noteInvalidBase({ comparedWith }: Plan, { terminal }: Shell): void {
  if (comparedWith?.kind !== 'base' || comparedWith.invalid.length === 0) return;
  const { ref, invalid } = comparedWith;
  terminal.note(`cloudsync: not valid at ${ref}, so not active there: ${listed(invalid, 3)}`);
}

function exitCodeOfPlan(shown: Plan, detailed: boolean): ExitCode {
  if (shown.problems.some(isError)) return exitCodes.failed;
  if (shown.summary.blocked > 0) return exitCodes.refused;
  return detailed && hasChanges(shown) ? exitCodes.changes : exitCodes.done;
}

async function previewOrApply(command: Command, shell: Shell, dryRun: boolean): Promise<Result<Applied, Failure>> {
  const settings = settingsOf(command, shell);
  const options = command.opts<ApplyOptions>();
  const { transfers = false } = options;
  const source = sourceOf(options);
  const [file] = command.args;
  if (source.kind !== 'active' && (!dryRun || file !== undefined)) {
    throw new UsageError(`--${source.kind} only shows a plan: use it with "cloudsync plan" or with --dry-run`);
  }
  if (transfers && !dryRun) throw new UsageError('--transfers belongs to "cloudsync plan", or to --dry-run');
  const other = source.kind === 'active' ? await otherOptions(command, settings) : null;
  if (other !== null) return err({ message: other, exitCode: exitCodes.usage });
  const saved = file === undefined ? ok(null) : await readSavedPlan(file, shell);
  if (!saved.ok) return saved;
  // Who applies a saved plan has seen it.
  const asks = !dryRun && saved.value === null && options.yes !== true;
  const confirmed = asks ? await confirmDangers(settings, shell) : ok(null);
  if (!confirmed.ok) return confirmed;
  const expected = saved.value?.hash ?? confirmed.value;
  const applied = await (dryRun
    ? (transfers ? previewTransfers : preview)(settings, source, shell)
    : applyNow(settings, expected, shell));
  if (applied.ok && confirmed.value !== null && confirmed.value !== applied.value.plan.hash) return movedOn;
  return applied.ok && saved.value !== null ? ifCurrent(saved.value, file ?? '', applied.value) : applied;
}

const movedOn = err({
  message: 'nothing was applied: the manifests changed while the question was open; run "cloudsync apply" again',
  exitCode: exitCodes.stale,
});

function sourceOf({ base, state }: ApplyOptions): PlanSource {
  if (base !== undefined && state !== undefined) throw new UsageError('--base and --state exclude each other');
  if (base !== undefined) return { kind: 'base', ref: base };
  return state === undefined ? { kind: 'active' } : { kind: 'state', file: state };
}

function ifCurrent(saved: SavedPlan, file: string, applied: Applied): Result<Applied, Failure> {
  if (saved.hash === applied.plan.hash) return ok(applied);
  const message =
    `${file} is stale, nothing was applied: ${staleText(saved, applied.plan)}. ` +
    'Look at a new plan with "cloudsync plan", and save it with -o plan.json.';
  return err({ message, exitCode: exitCodes.stale });
}
