import type { DocumentPath } from './finding.ts';
import { secretKeyIn } from './line-mask.ts';
import { printable } from './problem-frame.ts';
import type { Expectation } from './validators.ts';

/** Values are shown only where no secret can be. */
export function found(path: DocumentPath, value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (isSensitive(path)) return typeof value === 'string' ? 'text' : `a ${typeof value}`;
  return typeof value === 'string' ? quoted(value) : `the ${typeof value} ${String(value)}`;
}

function isSensitive(path: DocumentPath): boolean {
  return path.some((part) => /encryption|rcloneFlags|options|pass|secret|token|key/i.test(String(part)));
}

/** Where a lost line break or a stray quote made a text of whole keys, a secret may be among them. */
export function quoted(text: string): string {
  const key = secretKeyIn(text);
  const shown = key === null ? text : `${text.slice(0, key.valueAt)}***`;
  return JSON.stringify(printable(shown.length > 60 ? `${shown.slice(0, 60)}…` : shown));
}

export function exampleHint(path: DocumentPath, expectation: Expectation): string | null {
  const key = path.findLast((part) => typeof part === 'string');
  const { example } = expectation;
  return example === null ? null : `for example ${key}: ${JSON.stringify(example)}`;
}
