/** What a comparison of the two sides of a task counted, in files. */
export interface CheckCounts {
  readonly equal: number;
  /** On both sides, with another content. */
  readonly differing: number;
  /** At the source only. */
  readonly missing: number;
  /** At the destination only; no fault where the task is a COPY. */
  readonly extra: number;
  /** Files and folders that could not be read. */
  readonly errors: number;
}

export const noCounts: CheckCounts = { equal: 0, differing: 0, missing: 0, extra: 0, errors: 0 };

export const checkVerdicts = ['Equal', 'Different', 'Failed', 'Stopped'] as const;
/** `Failed`: it cannot be told. `Stopped`: somebody ended the check, and it says nothing. */
export type CheckVerdict = (typeof checkVerdicts)[number];

/** By what two files counted as equal, the strongest first. */
export const checkMethods = ['content', 'hash', 'size'] as const;
export type CheckMethod = (typeof checkMethods)[number];

/** A file that is not equal on both sides. The path is relative to the roots of the task. */
export interface CheckedFile {
  readonly found: 'differing' | 'missing' | 'extra' | 'error';
  readonly path: string;
}

/** How many of them are named. */
export const maxCheckedFiles = 20;

/** A check that is over. Times are milliseconds since the epoch. */
export interface CheckRecord {
  readonly task: string;
  readonly trigger: 'manual' | 'schedule';
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly verdict: CheckVerdict;
  readonly counts: CheckCounts;
  readonly method: CheckMethod;
  /** One sentence with the counts; never holds a secret. */
  readonly message: string;
  /** The first of those that are not equal. */
  readonly files: readonly CheckedFile[];
}
