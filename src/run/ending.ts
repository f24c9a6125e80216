import { noStats, type Outcome, type RunStats } from '../model/run.ts';
import type { WarningDetail } from '../model/warning.ts';
import { warningText } from '../rclone/warning-text.ts';

/** How a run ended, as far as it is known before it is recorded. */
export interface Ending {
  readonly outcome: Outcome;
  /** rclone's; `null` when it was not started or was ended by a signal. */
  readonly exitCode: number | null;
  readonly stats: RunStats;
  readonly lastError: string | null;
  readonly warnings: readonly string[];
  /** What rclone left out or could not do, by kind, count and name; left out where there is none of it. */
  readonly warningDetails?: readonly WarningDetail[];
  /** Which attempt this is the end of, from 1. */
  readonly attempt: number;
  /** Whether the same run may well succeed in a while. */
  readonly retryable: boolean;
  /** Files at both sides of a SYNC that had nothing to do; `null` where they were not counted. */
  readonly sourceFiles: number | null;
}

/** A run that ended before rclone did anything. */
export function endedEarly(outcome: Outcome, lastError: string): Ending {
  return {
    outcome,
    exitCode: null,
    stats: noStats,
    lastError,
    warnings: [],
    attempt: 1,
    retryable: false,
    sourceFiles: null,
  };
}

/** A run that rclone could not begin, for the reason for which it would have failed later on. */
export function endedByFailure({ message, retryable, expired = false }: Failure): Ending {
  return { ...endedEarly(expired ? 'AuthExpired' : 'Failed', message), retryable };
}

interface Failure {
  readonly message: string;
  readonly retryable: boolean;
  readonly expired?: boolean;
}

interface Warnings {
  /** Before those of the ending. */
  readonly first?: readonly string[];
  /** After them. */
  readonly last?: readonly string[];
}

/** Adds warnings to an ending, which is then no plain success any more. */
export function withWarnings(ending: Ending, { first = [], last = [] }: Warnings): Ending {
  if (first.length + last.length === 0) return ending;
  const outcome = ending.outcome === 'Succeeded' ? 'SucceededWithWarnings' : ending.outcome;
  return { ...ending, outcome, warnings: [...first, ...ending.warnings, ...last] };
}

/**
 * Adds to a run what only its rehearsal could see: a run that is held to certain names does not come across the links,
 * the keys and the duplicates beside them.
 */
export function withWarningsOf(rehearsal: Ending, ending: Ending): Ending {
  const own = ending.warningDetails ?? [];
  const unseen = (rehearsal.warningDetails ?? []).filter(
    ({ reason, count }) => !own.some((detail) => detail.reason === reason && detail.count >= count),
  );
  if (unseen.length === 0) return ending;
  const replaced = own.filter(({ reason }) => unseen.some((detail) => detail.reason === reason)).map(warningText);
  return {
    ...ending,
    outcome: ending.outcome === 'Succeeded' ? 'SucceededWithWarnings' : ending.outcome,
    warnings: [...unseen.map(warningText), ...ending.warnings.filter((warning) => !replaced.includes(warning))],
    warningDetails: [...unseen, ...own.filter(({ reason }) => !unseen.some((detail) => detail.reason === reason))],
  };
}

/** What of an ending is kept. */
export function recorded({ retryable: _, ...kept }: Ending): Omit<Ending, 'retryable'> {
  return kept;
}
