import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Shell } from './shell.ts';

/** One file of this folder: how its command is called, and what it does. */
export interface CommandModule {
  /** Whether `--output` takes more than a format to print; such a command reads it itself, before it does anything. */
  readonly reports?: true;
  /** Whether it shows what the state directory holds, and so must say where an earlier version left more of it. */
  readonly showsState?: true;
  /** Adds the command's own arguments, options and help. */
  configure(command: Command): void;
  run(command: Command, shell: Shell): Promise<ExitCode>;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loads the command's code, which others need not pay for. */
  load(): Promise<CommandModule>;
}

/** Every command, in the order of `--help`. A new one is a file and a line here. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'make a tasks directory with a sample, schemas for editors, and nothing that runs by itself',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'new',
    summary: 'write the manifest of a new task or credential, to be filled in',
    load: async () => (await import('./new.ts')).newManifest,
  },
  {
    name: 'validate',
    summary: 'check manifests, and say of each problem where it is and what to write instead',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'plan',
    summary: 'show what apply would do (the same as apply --dry-run)',
    load: async () => (await import('./apply.ts')).plan,
  },
  {
    name: 'apply',
    summary: 'make the active schedules what the manifests say',
    load: async () => (await import('./apply.ts')).apply,
  },
  {
    name: 'daemon',
    summary: 'follow the tasks directory and run tasks when they are due',
    load: async () => (await import('./daemon.ts')).daemon,
  },
  {
    name: 'run',
    summary: 'run one task now, or with --dry-run show what it would change',
    load: async () => (await import('./run.ts')).run,
  },
  { name: 'abort', summary: 'stop the run of a task', load: async () => (await import('./abort.ts')).abort },
  {
    name: 'status',
    summary: 'show the state of every task',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'next',
    summary: 'show when tasks will run',
    load: async () => (await import('./next.ts')).next,
  },
  {
    name: 'history',
    summary: 'show the past runs of a task',
    load: async () => (await import('./history.ts')).history,
  },
  {
    name: 'events',
    summary: 'tell what the daemon does, as it does it',
    load: async () => (await import('./events.ts')).events,
  },
  { name: 'logs', summary: 'show the log of a run', load: async () => (await import('./logs.ts')).logs },
  {
    name: 'verify',
    summary: 'connect with credentials, and look where their tasks go',
    load: async () => (await import('./verify.ts')).verify,
  },
  { name: 'list', summary: 'list a folder of a remote', load: async () => (await import('./list.ts')).list },
  {
    name: 'check',
    summary: 'compare both sides of a task, file by file',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'restore',
    summary: 'copy what a task has put at its remote into a directory',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'credential',
    summary: 'authorise a credential that needs a browser',
    load: async () => (await import('./credential.ts')).credential,
  },
  {
    name: 'suspend',
    summary: 'edit the manifests of tasks so that they are not run by schedule',
    load: async () => (await import('./suspend.ts')).suspend,
  },
  {
    name: 'resume',
    summary: 'edit the manifests of suspended tasks so that they are run by schedule again',
    load: async () => (await import('./suspend.ts')).resume,
  },
  {
    name: 'wait',
    summary: 'wait until manifests are in force, a run has ended, or all is well',
    load: async () => (await import('./wait.ts')).wait,
  },
  {
    name: 'state',
    summary: 'print what is active, for a plan elsewhere',
    load: async () => (await import('./state.ts')).state,
  },
  {
    name: 'approve-prune',
    summary: 'let a refused deletion of schedules pass',
    load: async () => (await import('./approve-prune.ts')).approvePrune,
  },
  {
    name: 'undelete',
    summary: 'write the manifest of a task anew whose schedule has ended',
    load: async () => (await import('./undelete.ts')).undelete,
  },
  {
    name: 'schema',
    summary: 'print a JSON Schema',
    load: async () => (await import('./schema.ts')).schema,
  },
];
