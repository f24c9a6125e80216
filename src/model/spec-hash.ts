import { hash } from 'node:crypto';
import type { CredentialSpec } from './credential.ts';
import { isRecord } from './json-text.ts';
import type { TaskSpec } from './task.ts';

/**
 * `sha256:` and the digest of what a task means. Comments, formatting and the order of keys do not count, and neither
 * does where the manifest lies; a changed default of a newer version does.
 */
export function specHash(spec: TaskSpec, credential: CredentialSpec | null): string {
  return digest(canonicalJson({ spec, credential }));
}

/** `sha256:` and the hexadecimal digest of a text, or of its bytes. */
export function digest(text: string | Buffer): string {
  return `sha256:${hash('sha256', text)}`;
}

/**
 * JSON with the keys of every object sorted, so that equal values give equal text. By hand, because a replacer of
 * `JSON.stringify` takes three times as long, and thousands of tasks are hashed before the first one is scheduled.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value ?? null);
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const inner = value[key];
    if (inner !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

/** Keys are words, but for labels. */
function quoted(key: string): string {
  return /^\w+$/.test(key) ? `"${key}"` : JSON.stringify(key);
}
