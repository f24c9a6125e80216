import { runToken } from '../model/annotation.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';

/** Whether the commit asks for a run. */
export function runTokenEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const token = runToken(after.annotations);
  if (token === null || token === runToken(before.annotations)) return [];
  const message = after.spec.enabled
    ? 'it runs once, as soon as this is in force (cloudsync/run-at)'
    : 'cloudsync/run-at asks for a run, and there will be none: the task is not enabled';
  return [{ code: 'RunRequested', danger: false, message }];
}
