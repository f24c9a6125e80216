import type { CredentialSpec } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { type FieldRecord, type FieldValue, manifestWords } from './manifest-words.ts';

const apiVersion = 'cloudsync/v1';

/** A manifest, as an object, that means just this task: read again, it has the same hash. */
export function taskManifest(task: ResolvedTask): object {
  const { spec, metadata } = manifestWords(task);
  const { encryption, transferMode } = task.spec;
  const { safety, ...fields } = spec;
  return {
    ...{ apiVersion, kind: 'CloudSyncTask' },
    metadata: { name: task.name, ...Object(written(metadata)) },
    spec: {
      ...Object(written(fields)),
      ...Object(written({ safety: transferMode === 'SYNC' ? safety : withoutLimits(safety) })),
      // As it was given, ciphertext included: what is shown of that elsewhere cannot be read back.
      ...(encryption === null ? {} : { encryption: withoutNull(encryption) }),
    },
  };
}

export function credentialManifest(name: string, { provider, options }: CredentialSpec): object {
  return { apiVersion, kind: 'CloudCredential', metadata: { name }, spec: { provider, options } };
}

/** Only SYNC deletes at the destination; said of any other mode, these would be told to have no effect. */
function withoutLimits({ maxDelete: _, allowEmptySource: __, preflight: ___, ...safety }: FieldRecord): FieldRecord {
  return safety;
}

/** Without what says the same as leaving it out. */
function written(value: FieldValue): FieldValue | undefined {
  if (value === null || value === '') return undefined;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const kept = written(inner);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function withoutNull(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}
