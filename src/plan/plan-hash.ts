import type { Action, ChangeReason } from '../model/plan.ts';
import { canonicalJson, digest } from '../model/spec-hash.ts';

/** What of a change tells it from another; both a plan and its document give it. */
export interface HashedChange {
  readonly name: string | null;
  readonly path: string;
  readonly action: Action;
  readonly reason: ChangeReason;
  readonly before: { readonly path: string; readonly specHash: string } | null;
  readonly after: { readonly specHash: string } | null;
}

/**
 * `sha256:` over both sides of every change, so that a plan that was saved is known to be stale when either has moved.
 * Effects do not count: when a task runs next is another time a minute later.
 */
export function planHash<T extends HashedChange>(
  changes: readonly T[],
  labelsOf: (change: T) => Readonly<Record<string, string>> | null,
): string {
  return digest(JSON.stringify(changes.map((change) => identity(change, labelsOf(change)))));
}

function identity(
  { name, path, action, reason, before, after }: HashedChange,
  labels: Readonly<Record<string, string>> | null,
): readonly (string | null | undefined)[] {
  const changed = action === 'unchanged' ? null : canonicalJson(labels);
  return [name, path, action, reason, before?.path, before?.specHash, after?.specHash, changed];
}
