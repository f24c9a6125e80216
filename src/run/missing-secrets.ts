import type { OptionValue } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { missingReferences, passwordsOf, type SecretSource } from './secret.ts';

/** Sentences about the secrets that tasks need and this process does not have, by the names of the tasks. */
export type MissingSecrets = ReadonlyMap<string, readonly string[]>;

export const noMissingSecrets: MissingSecrets = new Map();

/** Finds out before a run needs them, which may be at night. Tasks without a missing secret are not in the result. */
export async function findMissingSecrets(tasks: Iterable<ResolvedTask>, source: SecretSource): Promise<MissingSecrets> {
  const found = new Map<string, readonly string[]>();
  /** Thousands of tasks may share a credential. */
  const known = new Map<object, Promise<readonly string[]>>();

  function lookUp(key: object, values: Readonly<Record<string, OptionValue>>): Promise<readonly string[]> {
    const missing = known.get(key) ?? missingReferences(values, source);
    known.set(key, missing);
    return missing;
  }

  for (const { name, credential, spec } of tasks) {
    const { encryption, remote } = spec;
    const ofCredential = credential === null ? [] : await lookUp(credential, credential.options);
    const ofEncryption = encryption === null ? [] : await lookUp(encryption, passwordsOf(encryption));
    const sentences = [
      ...ofCredential.map((each) => `credential ${remote.credential}: ${each}`),
      ...ofEncryption.map((each) => `encryption: ${each}`),
    ];
    if (sentences.length > 0) found.set(name, sentences);
  }
  return found;
}
