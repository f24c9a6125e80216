import type { ResolvedTask } from '../model/desired.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import { lineDiff } from './line-diff.ts';
import { type FieldRecord, type FieldValue, manifestWords } from './manifest-words.ts';

export interface FieldChange {
  /** Such as `spec.remote.folder`. */
  readonly path: string;
  /** `null`: not there. */
  readonly before: FieldValue;
  readonly after: FieldValue;
  /** The lines that differ, for text of several lines; `null` for everything else. */
  readonly lines: readonly string[] | null;
}

/** The fields in which two versions of a task differ, in the words of the manifest. */
export function fieldDiff(before: ResolvedTask, after: ResolvedTask): readonly FieldChange[] {
  return compare(manifestWords(before), manifestWords(after), '');
}

function compare(before: FieldValue, after: FieldValue, path: string): readonly FieldChange[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (!isBranch(before) || !isBranch(after)) return [{ path, before, after, lines: linesOf(before, after) }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => compare(before[key] ?? null, after[key] ?? null, path === '' ? key : `${path}.${key}`));
}

/** A reference to a secret is one value, although it is written as an object. */
function isBranch(value: FieldValue): value is FieldRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !['fromEnv', 'fromFile', 'fromCommand', 'age'].some((key) => key in value);
}

function linesOf(before: FieldValue, after: FieldValue): readonly string[] | null {
  if (typeof before !== 'string' || typeof after !== 'string') return null;
  return before.includes('\n') || after.includes('\n') ? lineDiff(before, after) : null;
}
