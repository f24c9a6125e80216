import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { timeList } from './time-text.ts';

export interface ScheduleContext {
  /** The next runs of a task that has a schedule, in order, at most `count`. */
  nextRuns(task: ResolvedTask, count: number): readonly number[];
  /** Stands in where a schedule names no zone. */
  readonly defaultTimeZone: string;
}

const shownRuns = 3;

/** When a task that is new, or enabled again, will run. */
export function firstScheduleEffects(task: ResolvedTask, context: ScheduleContext): readonly Effect[] {
  if (!task.spec.enabled) return [harmless('Suspended', 'it will not run until it is enabled')];
  const runs = runsOf(task, context);
  if (runs === null) return [harmless('ManualOnly', 'it runs only when somebody asks for it')];
  return [harmless('NextRuns', `next runs: ${runs}`)];
}

/** How the times of a task change, if they do. */
export function scheduleEffects(
  before: ResolvedTask,
  after: ResolvedTask,
  context: ScheduleContext,
): readonly Effect[] {
  if (!after.spec.enabled) return before.spec.enabled ? firstScheduleEffects(after, context) : [];
  if (!before.spec.enabled) {
    return [
      harmless('Resumed', 'it runs again; what it missed is not made up for'),
      ...firstScheduleEffects(after, context),
    ];
  }
  const runsBefore = runsOf(before, context);
  const runsAfter = runsOf(after, context);
  if (runsBefore === runsAfter) return [];
  if (runsAfter === null) return firstScheduleEffects(after, context);
  return [harmless('NextRunsChanged', `next runs: ${runsBefore ?? 'none'} → ${runsAfter}`)];
}

function runsOf(task: ResolvedTask, context: ScheduleContext): string | null {
  const { schedule } = task.spec;
  if (schedule === null) return null;
  return timeList(context.nextRuns(task, shownRuns), schedule.timeZone ?? context.defaultTimeZone);
}

function harmless(code: Effect['code'], message: string): Effect {
  return { code, danger: false, message };
}
