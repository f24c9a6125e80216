import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Settings } from '../daemon/settings.ts';
import { placeholderMark } from '../manifest/scaffold.ts';
import { type Direction, directions, type TransferMode, transferModes } from '../model/task.ts';
import { type Draft, type DraftOrder, type Drafts, draftManifests } from './draft.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import { whyNotWritable } from './lasting-edit.ts';
import { writeNewManifests } from './new-file.ts';
import { program } from './pasteable.ts';
import type { CommandModule } from './registry.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

interface NewOptions {
  readonly provider?: string;
  readonly credential?: string;
  readonly direction?: Direction;
  readonly mode?: TransferMode;
  readonly path?: string;
  readonly bucket?: string;
  readonly folder?: string;
  readonly schedule?: string;
  readonly print?: boolean;
}

const ofTasks = ['credential', 'direction', 'mode', 'path', 'bucket', 'folder', 'schedule'] as const;

export const newManifest: CommandModule = {
  configure(command) {
    command
      .argument('<kind>', 'task or credential')
      .argument('<name>', 'its metadata.name, and the name of its file')
      .option('--provider <name>', 'of a credential; for a task, write a credential of this provider too')
      .option('--credential <name>', 'the credential that a task uses')
      .addOption(
        choice('--direction <direction>', 'of a task (default: PUSH, where the provider takes it)', directions),
      )
      .addOption(choice('--mode <mode>', 'transferMode of a task (default: COPY)', transferModes))
      .option('--path <path>', 'local path of a task, as seen from here')
      .option('--bucket <name>', 'bucket of a task')
      .option('--folder <path>', 'folder of a task at the remote (default: named like the task)')
      .option('--schedule <cron>', 'when a task runs (default: when asked)')
      .option('--print', 'print the manifest, and write nothing')
      .addHelpText(
        'after',
        `\nWrites NAME.yaml into the tasks directory. It is valid as it is; a value marked "${placeholderMark}" only shows the form.`,
      );
  },

  async run(command, shell) {
    const { terminal } = shell;
    const order = orderOf(command);
    const settings = settingsOf(command, shell);
    const toStay = command.opts<NewOptions>().print !== true;
    const lost = toStay ? await whyNotWritable(settings) : null;
    const drafts = lost === null ? await draftManifests(order, toStay, settings, shell) : null;
    if (drafts === null || !drafts.ok) {
      terminal.note(`cloudsync: ${drafts === null ? lost : drafts.error}`);
      return exitCodes.failed;
    }
    if (toStay) return writeDrafts(drafts.value, settings, shell);
    const [wanted] = drafts.value.manifests.filter(({ kind }) => kind === order.kind);
    terminal.print(wanted?.text.trimEnd() ?? '');
    return exitCodes.done;
  },
};

/** Upper and lower case are one to people who type. */
function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).argParser((value: string) => {
    if (choices.includes(value.toUpperCase())) return value.toUpperCase();
    throw new UsageError(`${flags.split(' ')[0]} must be one of ${choices.join(', ')}, not ${value}`);
  });
}

function orderOf(command: Command): DraftOrder {
  const [kind = '', name = ''] = command.args;
  const options = command.opts<NewOptions>();
  if (!/^[a-z0-9](?:[-a-z0-9]{0,50}[a-z0-9])?$/.test(name)) {
    throw new UsageError(
      `a name has lower-case letters, digits and hyphens, at most 52, and begins and ends with a letter or digit; not ${JSON.stringify(name)}`,
    );
  }
  const { provider, credential } = options;
  if (kind === 'credential') {
    const [wrong] = ofTasks.filter((option) => options[option] !== undefined);
    if (wrong !== undefined) throw new UsageError(`--${wrong} is for tasks`);
    if (provider === undefined)
      throw new UsageError('a new credential needs --provider NAME, such as s3, sftp or local');
    return { kind, name, provider };
  }
  if (kind !== 'task') throw new UsageError(`there is no kind ${kind}; expected task or credential`);
  const { direction = null, mode = 'COPY', path = null, bucket = null, folder = null, schedule = null } = options;
  const wishes = { kind, name, direction, transferMode: mode, path, bucket, folder, schedule } as const;
  if (credential !== undefined && provider === undefined) return { ...wishes, credential };
  if (provider !== undefined && credential === undefined) return { ...wishes, provider };
  throw new UsageError('a new task needs either --credential NAME, or --provider NAME to write a credential too');
}

async function writeDrafts(
  { provider, manifests }: Drafts,
  settings: Settings,
  { terminal }: Shell,
): Promise<ExitCode> {
  const { tasksName } = settings;
  if (!(await writeNewManifests(manifests, settings, terminal))) return exitCodes.failed;
  const credential = manifests.find(({ kind }) => kind === 'credential');
  const cloudsync = program(tasksName);
  const steps = [
    ...manifests.flatMap((each) => replacing(each, tasksName)),
    ...(credential === undefined ? [] : secretSteps(credential, provider.token !== null, cloudsync)),
    ...manifests.map(({ kind, name }) =>
      kind === 'task'
        ? `${cloudsync} run ${name} --dry-run    # what it would do`
        : `${cloudsync} verify ${name}    # does it connect?`,
    ),
  ];
  terminal.note(`Next:\n${steps.map((step) => `  ${step}`).join('\n')}`);
  return exitCodes.done;
}

function replacing({ path, text }: Draft, tasksName: string): readonly string[] {
  return text.includes(placeholderMark) ? [`replace what is marked so in ${join(tasksName, path)}`] : [];
}

function secretSteps({ name, text }: Draft, hasToken: boolean, cloudsync: string): readonly string[] {
  const variables = [...text.matchAll(/^ +(\w+): \{ fromEnv: (\w+) \}/gm)];
  const needed = variables.flatMap(([, option = '', variable = '']) =>
    hasToken && option === 'token' ? [] : [variable],
  );
  return [
    ...(needed.length === 0 ? [] : [`put ${needed.join(', ')} into the environment of the daemon, or refer to a file`]),
    ...(hasToken ? [`${cloudsync} credential authorize ${name}    # gets the token, in a browser`] : []),
  ];
}
