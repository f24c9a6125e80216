import { connect } from '../daemon/control-client.ts';
import { writeApprovedPrune } from '../state/approved-prune.ts';
import { openState } from '../state/state-directory.ts';
import { exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { UsageError } from './usage-error.ts';

export const approvePrune: CommandModule = {
  configure(command) {
    command
      .argument('<hash>', 'as the refusal names it')
      .addHelpText(
        'after',
        '\nThe approval holds for exactly the deletions that were refused; others are refused again.',
      );
  },

  async run(command, shell) {
    const [hash = ''] = command.args;
    if (!/^(sha256:)?[0-9a-f]{8,64}$/.test(hash))
      throw new UsageError(`expected the hash that the plan names, not ${hash}`);
    const { stateDirectory } = settingsOf(command, shell);
    const state = await openState(stateDirectory);
    const written = state.ok ? await writeApprovedPrune(state.value, hash) : state;
    if (!written.ok) {
      shell.terminal.note(`cloudsync: ${written.error}`);
      return exitCodes.failed;
    }
    const client = await connect(stateDirectory);
    if (client === null || client.identity.command !== 'daemon') {
      shell.terminal.print('Approved; the next apply deletes these schedules.');
      return exitCodes.done;
    }
    const applied = await client.reconcile();
    if (!applied.ok) {
      shell.terminal.note(`cloudsync: approved, but not applied yet: ${applied.error}`);
      return exitCodes.failed;
    }
    if (!applied.value.applied) {
      shell.terminal.print('Approved; "cloudsync apply" deletes these schedules.');
      return exitCodes.done;
    }
    if (applied.value.plan.summary.blocked > 0) {
      shell.terminal.note('cloudsync: deletions are still refused; `cloudsync plan` names the hash of those');
      return exitCodes.refused;
    }
    shell.terminal.print('Approved and applied.');
    return exitCodes.done;
  },
};
