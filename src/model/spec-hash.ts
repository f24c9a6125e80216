import { createHash } from 'node:crypto';
import type { CredentialSpec } from './credential.ts';
import type { TaskSpec } from './task.ts';

/**
 * `sha256:` and the digest of what a task means. Comments, formatting and the order of keys do not count, and neither
 * does where the manifest lies; a changed default of a newer version does.
 */
export function specHash(spec: TaskSpec, credential: CredentialSpec | null): string {
  return digest(canonicalJson({ spec, credential }));
}

/** `sha256:` and the hexadecimal digest of a text. */
export function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** JSON with the keys of every object sorted, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sortedByKey(inner) : inner));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedByKey(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}
