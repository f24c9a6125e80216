import type { CredentialSpec, OptionValue, SecretReference } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { digest } from '../model/spec-hash.ts';
import type { BandwidthSlot, DeleteLimit, Encryption, Schedule, TaskSpec } from '../model/task.ts';
import { durationText, rateText, sizeText } from './quantity-text.ts';

/** A field as it is shown: JSON, without `undefined`. */
export type FieldValue = string | number | boolean | null | readonly FieldValue[] | FieldRecord;
export interface FieldRecord {
  readonly [key: string]: FieldValue;
}

/** Aliases, since what has an index may not be an interface. */
type SpecWords = FieldRecord & { readonly safety: FieldRecord };
type TaskWords = { readonly metadata: FieldRecord; readonly spec: SpecWords; readonly credential: FieldValue };

/** A task in the words of a manifest, with every default in place. Of what is encrypted only a fingerprint is left. */
export function manifestWords(task: ResolvedTask): TaskWords {
  return {
    metadata: { labels: task.labels, annotations: task.annotations },
    spec: specWords(task.spec),
    credential: credentialWords(task.credential),
  };
}

function specWords(spec: TaskSpec): SpecWords {
  const {
    paths,
    schedule,
    verify,
    minAgeMs,
    maxAgeMs,
    minSizeBytes,
    maxSizeBytes,
    uploadChunkSizeBytes,
    encryption,
    timeoutMs,
    safety,
    retry,
    bandwidthLimit,
    ...same
  } = spec;
  const { backupRetentionMs, ...keptSafety } = safety;
  const [path = '', ...others] = paths;
  return {
    ...same,
    path: others.length === 0 ? path : paths,
    remote: { ...spec.remote },
    schedule: scheduleWords(schedule),
    verify: verifyWords(verify),
    minAge: orNull(minAgeMs, durationText),
    maxAge: orNull(maxAgeMs, durationText),
    minSize: orNull(minSizeBytes, sizeText),
    maxSize: orNull(maxSizeBytes, sizeText),
    uploadChunkSize: uploadChunkSizeBytes === null ? null : sizeText(uploadChunkSizeBytes),
    encryption: encryptionWords(encryption),
    bandwidthLimit: bandwidthLimit.map(slotWords),
    deleteEmptySourceDirectories: spec.deleteEmptySourceDirectories ?? false,
    safety: {
      ...keptSafety,
      backupRetention: orNull(backupRetentionMs, durationText),
      maxDelete: limitWords(safety.maxDelete),
      requireDestinationMarker: safety.requireDestinationMarker ?? false,
    },
    retry: { limit: retry.limit, backoff: durationText(retry.backoffMs) },
    timeout: timeoutMs === null ? null : durationText(timeoutMs),
    history: { ...spec.history },
  };
}

/** In an active set that an earlier version has written, some fields are not there. */
function orNull(value: number | null | undefined, text: (value: number) => string): string | null {
  return value === null || value === undefined ? null : text(value);
}

function scheduleWords(schedule: Schedule | null): FieldValue {
  if (schedule === null) return null;
  const { jitterMs, deadlineMs, ...same } = schedule;
  return { ...same, jitter: durationText(jitterMs), deadline: durationText(deadlineMs) };
}

function verifyWords(verify: TaskSpec['verify'] | undefined): FieldValue {
  // In an active set that an earlier version has written there is no such key.
  if (verify === null || verify === undefined) return null;
  return { schedule: scheduleWords(verify.schedule), sample: verify.sample ?? 0 };
}

function encryptionWords(encryption: Encryption | null): FieldValue {
  if (encryption === null) return null;
  const { password, salt, filenames } = encryption;
  return { password: referenceWords(password), salt: salt === null ? null : referenceWords(salt), filenames };
}

function credentialWords(credential: CredentialSpec | null): FieldValue {
  if (credential === null) return null;
  const options = Object.entries(credential.options).map(([name, value]) => [name, optionWords(value)] as const);
  return { provider: credential.provider, options: Object.fromEntries(options) };
}

function optionWords(value: OptionValue): FieldValue {
  return typeof value === 'object' ? referenceWords(value) : value;
}

/** The armoured text says nothing to a reader; that it changed does. */
function referenceWords(reference: SecretReference): FieldRecord {
  return 'age' in reference ? { age: `…${digest(reference.age).slice(-8)}` } : { ...reference };
}

function limitWords(limit: DeleteLimit): FieldValue {
  return limit.kind === 'count' ? limit.count : `${limit.percentage}%`;
}

function slotWords({ weekday, time, limit: { up, down } }: BandwidthSlot): string {
  const rate = up === down ? rateText(up) : `${rateText(up)}:${rateText(down)}`;
  if (time === null) return rate;
  return `${weekday === null ? '' : `${weekday}-`}${time},${rate}`;
}
