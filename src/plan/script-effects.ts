import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { isDestructive } from './consequence.ts';

const fields = ['preScript', 'postScript', 'finallyScript'] as const;

/** Which scripts are other than before; `before` is `null` for a new task. */
export function scriptEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  const changes = fields.flatMap((field) => {
    const old = before?.spec[field] ?? '';
    const now = after.spec[field];
    if (old === now) return [];
    return [{ field, text: `${field} ${old === '' ? 'is new' : now === '' ? 'is removed' : 'changed'}` }];
  });
  if (changes.length === 0) return [];
  const { preScript } = after.spec;
  const stops = preScript !== '' && changes.some(({ field }) => field === 'preScript');
  const facts = [
    ...(changes.some(({ field }) => after.spec[field] !== '') ? ['scripts run as the user of the daemon'] : []),
    ...(stops ? ['a preScript that fails stops the run'] : []),
  ];
  // A preScript is where people check that the source is mounted.
  const unguarded = before !== null && before.spec.preScript !== '' && preScript === '' && isDestructive(after);
  const guard = unguarded ? ['what preScript checked is no longer checked'] : [];
  const message = [changes.map(({ text }) => text).join(', '), ...guard, ...facts].join('; ');
  return [{ code: 'ScriptsChanged', danger: unguarded, message }];
}
