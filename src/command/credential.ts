import type { Command } from 'commander';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { readOnce } from '../daemon/read-once.ts';
import { createSharedTools } from '../daemon/shared-tools.ts';
import { prepareState } from '../daemon/state-place.ts';
import { err, type Result } from '../model/result.ts';
import { authorize } from '../run/authorize.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';
import { stopOnSignal } from './stopping.ts';
import { UsageError } from './usage-error.ts';

export const credential: CommandModule = {
  configure(command) {
    command
      .argument('<action>', 'authorize')
      .argument('<name>', 'the credential, by its metadata.name')
      .option('--token-stdin', 'read a token that "rclone authorize" printed on another machine')
      .addHelpText(
        'after',
        `
On a machine with a browser: cloudsync credential authorize NAME, and open the address that it shows.
On one without, either forward port 53682 (ssh -L 53682:localhost:53682 HOST) and do the same, or run
"rclone authorize TYPE" where there is a browser, and give what it prints to --token-stdin here.
The token is kept in the state directory, for this user only, until the manifest's reference gives another.`,
      );
  },

  async run(command, shell) {
    const [action = '', name = ''] = command.args;
    if (action !== 'authorize') throw new UsageError(`there is no action ${action}; expected authorize`);
    const done = await authorizeCredential(command, shell, name);
    if (done.ok) shell.terminal.print(`Authorised. The next runs of tasks that use ${name} take the new token.`);
    else shell.terminal.note(`cloudsync: credential ${name}: ${done.error}`);
    return done.ok ? exitCodes.done : (done.exitCode ?? exitCodes.failed);
  },
};

type Done = Result<void, string> & { readonly exitCode?: ExitCode | null };

async function authorizeCredential(command: Command, shell: Shell, name: string): Promise<Done> {
  const settings = settingsOf(command, shell);
  const search = createProviderSearch(settings, shell.environment);
  const reading = await readOnce(settings, search);
  if (!reading.ok) return err(reading.error.message);
  const found = reading.value.desired.credentials.get(name);
  if (found === undefined) return err('there is no valid credential of this name');
  const provider = await search.find(found.credential.spec.provider);
  if (!provider.ok) return provider;
  const state = await prepareState(settings, shell.environment);
  if (!state.ok) return state;

  const controller = new AbortController();
  using stopping = stopOnSignal(shell);
  stopping.onSignal(() => controller.abort());
  const fromInput = command.opts<{ readonly tokenStdin?: boolean }>().tokenStdin === true;
  const done = await authorize(
    {
      ...{ credential: found.credential, provider: provider.value, signal: controller.signal },
      token: fromInput ? await shell.readInput() : null,
      onLine: (line) => shell.terminal.note(line),
    },
    createSharedTools({ settings, environment: shell.environment, search, state: state.value }),
  );
  return done.ok ? done : { ...done, exitCode: stopping.exitCode() };
}
