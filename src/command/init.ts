import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { takeSnapshot } from '../source/snapshot.ts';
import { exitCodes } from './exit-code.ts';
import { settingsOf } from './global-options.ts';
import { whyNotWritable } from './lasting-edit.ts';
import { writeNewFile } from './new-file.ts';
import { packageFile } from './package-file.ts';
import { program, shellWord } from './pasteable.ts';
import type { CommandModule } from './registry.ts';
import { sampleFiles } from './sample.ts';

export const init: CommandModule = {
  configure(command) {
    command
      .argument('[dir]', 'the repository (default: here)')
      .addHelpText(
        'after',
        '\nMakes the tasks directory, schemas for editors, and a sample task that needs no account and runs only when asked.\nWhat is there already is left as it is.',
      );
  },

  async run(command, shell) {
    const { terminal, workingDirectory } = shell;
    const [named = '.'] = command.args;
    const directory = resolve(workingDirectory, named);
    const settings = settingsOf(command, { ...shell, workingDirectory: directory });
    const { tasksName, tasksDirectory } = settings;
    const lost = await whyNotWritable(settings);
    if (lost !== null) {
      terminal.note(`cloudsync: ${lost}`);
      return exitCodes.failed;
    }
    const present = await takeSnapshot({ directory: tasksDirectory, previous: null });
    const isFresh = !present.ok || present.value.files.length === 0;
    for (const { path, text } of await filesOf(directory, tasksDirectory, isFresh)) {
      const file = relative(workingDirectory, path);
      const state = await writeNewFile(path, text);
      if (state === 'written') terminal.print(`Wrote ${file}`);
      else terminal.print(`${file} exists already, and was left as it is${await howToUpdate(path, text)}`);
    }
    if (isFresh) terminal.note(nextSteps(directory === workingDirectory ? null : named, tasksName));
    else terminal.note(`${tasksName} holds manifests already, so that no sample was added.`);
    return exitCodes.done;
  },
};

interface NewFile {
  readonly path: string;
  readonly text: string;
}

async function filesOf(directory: string, tasksDirectory: string, withSample: boolean): Promise<readonly NewFile[]> {
  const schemas = ['task', 'credential'].map(async (kind) => {
    const name = `schema/${kind}.schema.json`;
    return { path: join(directory, name), text: await readFile(packageFile(name), 'utf8') };
  });
  return [
    { path: join(tasksDirectory, '.gitignore'), text: '*.status.json\n.*.tmp\n' },
    ...(await Promise.all(schemas)),
    ...(withSample ? sampleFiles(directory, tasksDirectory) : []),
  ];
}

/** A schema of an earlier version would call what is new a mistake. */
async function howToUpdate(path: string, text: string): Promise<string> {
  const [, kind] = /\/schema\/(\w+)\.schema\.json$/.exec(path) ?? [];
  if (kind === undefined || (await readFile(path, 'utf8').catch(() => null)) === text) return '';
  return `; it differs from that of this version, which \`cloudsync schema ${kind}\` prints`;
}

/** Every line can be pasted as it is. */
function nextSteps(elsewhere: string | null, tasksName: string): string {
  const cloudsync = program(tasksName);
  const steps = [
    ...(elsewhere === null ? [] : [`cd ${shellWord(elsewhere)}`]),
    `${cloudsync} validate`,
    `${cloudsync} run sample --dry-run`,
    `${cloudsync} run sample`,
    `${cloudsync} new credential nas --provider sftp`,
    `${cloudsync} new task photos --credential nas --path /mnt/photos`,
    `${cloudsync} plan`,
  ];
  return `Next:\n${steps.map((step) => `  ${step}`).join('\n')}\nThen commit, and start \`${cloudsync} daemon\` beside the checkout.`;
}
