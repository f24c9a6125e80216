import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import type { FileLimits, TaskSpec } from '../model/task.ts';
import { consequence, isDestructive } from './consequence.ts';
import { durationText, sizeText } from './quantity-text.ts';

/** Which files are left alone for their age or size, where that is new; `before` is `null` for a new task. */
export function limitEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  const old = limitTexts(before?.spec ?? {});
  const now = limitTexts(after.spec);
  if (old.join() === now.join()) return [];
  const left = now.length === 0 ? 'files of any age and size are taken now' : `${now.join('; ')}`;
  const danger = before !== null && isDestructive(after);
  return [{ code: 'FiltersChanged', danger, message: danger ? `${left}: ${consequence(after)}` : left }];
}

/** In an active set that an earlier version has written there are no such fields. */
function limitTexts({ minAgeMs, maxAgeMs, minSizeBytes, maxSizeBytes }: Partial<FileLimits>): readonly string[] {
  return [
    isSet(minAgeMs)
      ? [`files modified less than ${durationText(minAgeMs)} ago are left alone until they are older`]
      : [],
    isSet(maxAgeMs)
      ? [
          `files modified more than ${durationText(maxAgeMs)} ago are left alone, also those that no run has sent before`,
        ]
      : [],
    isSet(minSizeBytes) ? [`files smaller than ${sizeText(minSizeBytes)} are left alone`] : [],
    isSet(maxSizeBytes) ? [`files larger than ${sizeText(maxSizeBytes)} are left alone`] : [],
  ].flat();
}

function isSet(limit: TaskSpec['minAgeMs'] | undefined): limit is number {
  return limit !== null && limit !== undefined;
}
