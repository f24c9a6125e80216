import type { Desired } from '../model/desired.ts';
import type { Action, Change } from '../model/plan.ts';
import { listed } from '../model/wording.ts';

const changing: readonly Action[] = ['create', 'update', 'delete', 'adopt'];

/** All or nothing: while a manifest has an error, none of the changes that came with it is made. */
export function refuseRevision(changes: readonly Change[], { invalid }: Pick<Desired, 'invalid'>): readonly Change[] {
  if (invalid.size === 0) return changes;
  const files = listed([...invalid.keys()].sort(), 1);
  const message = `Nothing is changed: with --strict a revision is applied as a whole, and ${files} cannot be. Correct it`;
  return changes.map((change): Change => {
    if (!changing.includes(change.action)) return change;
    const effects = [...change.effects, { code: 'RevisionRefused', danger: false, message } as const];
    return { ...change, action: 'blocked', reason: 'RevisionInvalid', effects };
  });
}
