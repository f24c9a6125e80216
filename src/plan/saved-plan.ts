import { isRecord, parseJson, recordOf } from '../model/json-text.ts';
import { type Action, actions } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import { contentHash } from './plan-document.ts';
import { type HashedChange, type HashedMetadata, planHash } from './plan-hash.ts';

/** What is read of a plan that was saved as JSON: enough to know whether a plan made now is the same. */
export interface SavedPlan {
  readonly hash: string;
  readonly changes: readonly SavedChange[];
}

export interface SavedChange extends HashedChange {
  readonly after: { readonly specHash: string; readonly metadata: HashedMetadata } | null;
}

const wayOut = 'Make one with "cloudsync plan -o plan.json".';

/** The error says what the file is instead, and what to do. */
export function parseSavedPlan(text: string): Result<SavedPlan, string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return err(`${parsed.error}. ${wayOut}`);
  const { formatVersion, hash, changes, comparedWith, contentHash: savedHash } = recordOf(parsed.value);
  if (typeof formatVersion !== 'string') return err(`is no saved plan. ${wayOut}`);
  if (!/^1\.\d+$/.test(formatVersion)) {
    const make = 'Make the plan with the version that applies it.';
    return err(`has the format ${formatVersion}, and this version reads 1.x. ${make}`);
  }
  const { kind, ref } = recordOf(comparedWith);
  if (kind === 'base') {
    return err(`compares with ${ref} and not with what is active, so it cannot be applied. ${wayOut}`);
  }
  if (typeof hash !== 'string' || !Array.isArray(changes) || !changes.every(isSavedChange)) {
    return err(`is no whole plan. ${wayOut}`);
  }
  // What people have read is what is compared: the hash of the plan knows specs by their own hashes alone.
  const edited = contentHash(changes) !== savedHash;
  if (edited || planHash(changes, ({ after }) => after?.metadata ?? null) !== hash) {
    return err(`does not match its own hash: it was changed, or made by another version. ${wayOut}`);
  }
  return ok({ hash, changes });
}

function isSavedChange(value: unknown): value is SavedChange {
  const { name, path, action, reason, before, after } = recordOf(value);
  return (
    (name === null || typeof name === 'string') &&
    typeof path === 'string' &&
    actions.includes(action as Action) &&
    typeof reason === 'string' &&
    (before === null || isSide(before)) &&
    (after === null || (isSide(after) && hasMetadata(after)))
  );
}

function isSide(value: unknown): boolean {
  const { path, specHash } = recordOf(value);
  return typeof path === 'string' && typeof specHash === 'string';
}

function hasMetadata(value: unknown): boolean {
  const { metadata } = recordOf(value);
  const { labels, annotations } = recordOf(metadata);
  return [labels, annotations].every(isRecord);
}
