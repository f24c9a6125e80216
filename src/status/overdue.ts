/** Times are milliseconds since the epoch. */
export interface OverdueInput {
  /** The first scheduled time after the last success; `null`: there is no schedule. */
  readonly dueSinceSuccess: number | null;
  /** `null`: nothing is running. */
  readonly runStartedAt: number | null;
  /** How long a run may take; `null`: as long as it needs. */
  readonly timeoutMs: number | null;
  readonly now: number;
}

/** Covers the spread of missed runs (at most 5 min) and a few quick retries. */
export const graceMs = 10 * 60_000;

/** A run without a timeout counts as on its way for a day; after that it may as well hang. */
const longestRunMs = 24 * 3_600_000;

/**
 * A scheduled time has passed, and no success has ended since.
 *
 * Counting from the first such time, not from the latest, makes this stay true until a run succeeds: each later
 * scheduled time would otherwise begin a new grace. A run holds it back only if it began within the grace, so that
 * a late run, or a retry, cannot clear it either.
 */
export function isOverdue({ dueSinceSuccess, runStartedAt, timeoutMs, now }: OverdueInput): boolean {
  if (dueSinceSuccess === null || now <= dueSinceSuccess + graceMs) return false;
  const begunInTime = runStartedAt !== null && runStartedAt <= dueSinceSuccess + graceMs;
  return !begunInTime || now > runStartedAt + (timeoutMs ?? longestRunMs) + graceMs;
}
