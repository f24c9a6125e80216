import type { ResolvedTask } from '../model/desired.ts';
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

/** Which runs a task may do does not depend on these, and so the spec's hash does not either. */
export type HashedMetadata = Pick<ResolvedTask, 'labels' | 'annotations'>;

/**
 * `sha256:` over both sides of every change, so that a plan that was saved is known to be stale when either has moved.
 * Effects do not count: when a task runs next is another time a minute later.
 */
export function planHash<T extends HashedChange>(
  changes: readonly T[],
  metadataOf: (change: T) => HashedMetadata | null,
): string {
  return digest(JSON.stringify(changes.map((change) => identity(change, metadataOf(change)))));
}

function identity(
  { name, path, action, reason, before, after }: HashedChange,
  metadata: HashedMetadata | null,
): readonly (string | null | undefined)[] {
  const changed = action === 'unchanged' || metadata === null ? null : canonicalJson(metadata);
  return [name, path, action, reason, before?.path, before?.specHash, after?.specHash, changed];
}
