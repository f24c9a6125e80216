import { type CredentialSpec, isSecretReference, type OptionValue } from './credential.ts';
import type { TaskSpec } from './task.ts';

/** Where a task has commands run on this machine, as paths below `spec`: its scripts, and commands that print secrets. */
export function commandsOfTask({
  encryption,
  ...spec
}: Pick<TaskSpec, 'preScript' | 'postScript' | 'finallyScript' | 'encryption'>): readonly (readonly string[])[] {
  const scripts = (['preScript', 'postScript', 'finallyScript'] as const).filter((name) => spec[name].trim() !== '');
  const secrets = encryption === null ? {} : { password: encryption.password, salt: encryption.salt ?? '' };
  return [...scripts.map((name) => [name]), ...commandsIn(secrets).map((name) => ['encryption', name])];
}

/** The same for a credential: options whose value a command prints. */
export function commandsOfCredential({ options }: Pick<CredentialSpec, 'options'>): readonly (readonly string[])[] {
  return commandsIn(options).map((name) => ['options', name]);
}

function commandsIn(values: Readonly<Record<string, OptionValue>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    isSecretReference(value) && 'fromCommand' in value ? [name] : [],
  );
}
