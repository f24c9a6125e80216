import { randomBytes } from 'node:crypto';

/**
 * A run that the schedule asked for has an id that follows from the task and the time, so that it cannot start twice.
 * Runs started by hand get a random end: two within a second are two runs.
 */
export function runId(task: string, at: number, scheduled: boolean): string {
  const stamp = `${task}-${compactTime(at)}`;
  return scheduled ? stamp : `${stamp}-${randomBytes(3).toString('hex')}`;
}

/** Such as `20260104t020000z`. */
export function compactTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}z`;
}
