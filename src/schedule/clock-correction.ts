/** A clock set back by less does not repeat what was done, as in Vixie cron; by more, it was wrong before. */
const maxRepeatMs = 3 * 3_600_000;

/** Whether something that was done at a time by the clock of then still counts as done, by the clock of now. */
export function isPlausible(doneMs: number, nowMs: number): boolean {
  return doneMs - nowMs <= maxRepeatMs;
}
