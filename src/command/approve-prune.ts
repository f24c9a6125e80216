import { connect } from '../daemon/control-client.ts';
import type { Settings } from '../daemon/settings.ts';
import { prepareState } from '../daemon/state-place.ts';
import type { Plan } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import { listed } from '../model/wording.ts';
import { isApprovedPrune, type RefusedPrune, refusedPrunes } from '../plan/prune-guard.ts';
import { writeApprovedPrune } from '../state/approved-prune.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import { settingsOf } from './global-options.ts';
import { preview } from './plan-source.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

export const approvePrune: CommandModule = {
  configure(command) {
    command
      .argument('<hash>', 'as the refusal names it')
      .addHelpText(
        'after',
        '\nThe approval is for exactly the removals that are refused now, and for one apply. It lapses when they are no longer\n' +
          'refused, for example because the manifests are back.',
      );
  },

  async run(command, shell) {
    const [hash = ''] = command.args;
    if (!/^(sha256:)?[0-9a-f]{8,64}$/.test(hash))
      throw new UsageError(`expected the hash that the plan names, not ${hash}`);
    const approved = await approve(hash, settingsOf(command, shell), shell);
    if (approved.ok) {
      shell.terminal.print(approved.value);
      return exitCodes.done;
    }
    shell.terminal.note(`cloudsync: ${approved.error.message}`);
    return approved.error.exitCode;
  },
};

/** Gives what has happened, as a sentence. */
async function approve(hash: string, settings: Settings, shell: Shell): Promise<Result<string, Failure>> {
  const { stateDirectory } = settings;
  const shown = await preview(settings, { kind: 'active' }, shell);
  if (!shown.ok) return shown;
  const refused = refusedIn(shown.value.plan, hash);
  if (!refused.ok) return refused;
  const state = await prepareState(settings, shell.environment);
  const written = state.ok ? await writeApprovedPrune(state.value, hash) : state;
  if (!written.ok) return failure(written.error);

  const client = await connect(stateDirectory);
  const tasks = listed(refused.value.names, 3);
  if (client === null || client.identity.command !== 'daemon') {
    return ok(`Approved: the next "cloudsync apply" removes ${tasks}.`);
  }
  const applied = await client.reconcile();
  if (!applied.ok) return failure(`approved, but not applied yet: ${applied.error}`);
  if (!applied.value.applied) return ok(`Approved: "cloudsync apply" removes ${tasks}.`);
  if (refusedIn(applied.value.plan, hash).ok) {
    return failure('the daemon still refuses to remove these tasks; "cloudsync plan" says why', exitCodes.refused);
  }
  return ok(`Approved and applied: ${tasks} removed.`);
}

/** The refused set that the hash names. An approval of anything else would lie in wait for a later accident. */
function refusedIn({ changes }: Plan, hash: string): Result<RefusedPrune, Failure> {
  const refused = refusedPrunes(changes);
  const found = refused.find(({ names }) => isApprovedPrune({ names, approvedPrune: hash }));
  if (found !== undefined) return ok(found);
  if (refused.length === 0) return failure('no removal is refused now, so there is nothing to approve');
  const commands = refused.map((each) => `approve-prune ${each.hash.slice(7, 19)} (${listed(each.names, 3)})`);
  return failure(`no refused removal has the hash ${hash}; refused now: ${listed(commands, 3)}`);
}

function failure(message: string, exitCode: ExitCode = exitCodes.failed): Result<never, Failure> {
  return err({ message, exitCode });
}
