import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { dataEffects, emptyDirectoryEffects, modeEffects } from './data-effects.ts';
import { limitEffects } from './limit-effects.ts';
import { routeOf } from './route.ts';
import { runEffects } from './run-effects.ts';
import { runTokenEffects } from './run-token-effects.ts';
import { retentionEffects } from './safety-effects.ts';
import { firstScheduleEffects, type ScheduleContext, scheduleEffects } from './schedule-effects.ts';
import { scriptEffects } from './script-effects.ts';

/** What each kind of change means for data and schedules. What is dangerous comes first. */
export function createEffects(task: ResolvedTask, context: ScheduleContext): readonly Effect[] {
  return [
    ...modeEffects(null, task),
    ...limitEffects(null, task),
    ...emptyDirectoryEffects(null, task),
    ...retentionEffects(null, task),
    ...firstScheduleEffects(task, context),
    ...scriptEffects(null, task),
    ...runEffects(null, task),
  ];
}

export function updateEffects(before: ResolvedTask, after: ResolvedTask, context: ScheduleContext): readonly Effect[] {
  const effects = [
    ...dataEffects(before, after),
    ...scheduleEffects(before, after, context),
    ...runTokenEffects(before, after),
  ];
  return [...effects.filter(({ danger }) => danger), ...effects.filter(({ danger }) => !danger)];
}

export function deleteEffects(task: ResolvedTask): readonly Effect[] {
  const { source, destination } = routeOf(task);
  const message = `it will not run any more; the files in ${source} and under ${destination} stay as they are`;
  return [{ code: 'Unscheduled', danger: false, message }];
}

export function lastGoodEffects(): readonly Effect[] {
  const message = 'the version that was applied last stays in force until the manifest is valid';
  return [{ code: 'LastGoodKept', danger: false, message }];
}

export function unreadEffects(path: string): readonly Effect[] {
  const message = `${path} is there and not read, so the version that was applied last stays in force`;
  return [{ code: 'LastGoodKept', danger: false, message }];
}
