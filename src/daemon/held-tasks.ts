import type { Change, Plan } from '../model/plan.ts';
import type { HeldTasks } from './status-content.ts';

/** Tasks that a plan leaves as they are although the manifests differ, and why. */
export function heldIn({ changes }: Plan): HeldTasks {
  const reasons = (held: readonly Change[]) =>
    new Map(held.map(({ name, effects }) => [name ?? '', effects.at(-1)?.message ?? '']));
  return {
    refusals: reasons(changes.filter(({ action }) => action === 'blocked')),
    kept: reasons(changes.filter(({ reason }) => reason === 'PruneDisabled' || reason === 'ManifestUnread')),
  };
}
