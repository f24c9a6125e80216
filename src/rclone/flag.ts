import type { TaskSpec } from '../model/task.ts';

/** Each flag as one argument, so that no value is taken for a flag of its own. Sorted by name. */
export function flagArguments(flags: TaskSpec['rcloneFlags']): readonly string[] {
  return Object.entries(flags)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
    .sort();
}
