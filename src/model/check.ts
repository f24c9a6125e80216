import type { Outcome } from './run.ts';

/** What a comparison of the two sides of a task counted, in files. */
export interface CheckCounts {
  /** Nothing was found to differ; `equalBy` says how far that was looked into. */
  readonly equal: number;
  /** On both sides, with another content. */
  readonly differing: number;
  /** At the source only. */
  readonly missing: number;
  /** At the destination only; no fault where the task is a COPY. */
  readonly extra: number;
  /** Files and folders that could not be read. */
  readonly errors: number;
  /** Names that stand for several files, or that have no place of their own in a folder: rclone passes over them. */
  readonly passedOver: number;
  /** What a run leaves out as well: symbolic links, special files, names that cannot be decrypted. */
  readonly leftOut: number;
}

export const noCounts: CheckCounts = {
  equal: 0,
  differing: 0,
  missing: 0,
  extra: 0,
  errors: 0,
  passedOver: 0,
  leftOut: 0,
};

export const checkVerdicts = ['Equal', 'EqualWithWarnings', 'SizesEqual', 'Different', 'Failed', 'Stopped'] as const;
/**
 * `EqualWithWarnings`: all that was compared is equal, and something was left out. `SizesEqual`: of some files only the
 * size was compared. `Failed`: it cannot be told. `Stopped`: somebody ended the check, and it says nothing.
 */
export type CheckVerdict = (typeof checkVerdicts)[number];

/** Whether the contents of both sides were found to be equal. */
export function isEqual(verdict: CheckVerdict): boolean {
  return verdict === 'Equal' || verdict === 'EqualWithWarnings';
}

/** How two files were compared, the strongest first. */
export const checkMethods = ['content', 'hash', 'size'] as const;
export type CheckMethod = (typeof checkMethods)[number];

/** How many of the equal files were compared in which way. */
export type EqualBy = Readonly<Record<CheckMethod, number>>;

export const noneEqual: EqualBy = { content: 0, hash: 0, size: 0 };

/** A file that is not equal on both sides. The path is relative to the roots of the task. */
export interface CheckedFile {
  readonly found: 'differing' | 'missing' | 'extra' | 'error' | 'passedOver';
  readonly path: string;
  /** Why, where `found` does not say it. */
  readonly detail?: string;
}

/** How many of them are named. */
export const maxCheckedFiles = 20;

/** What somebody, or the schedule, wants of a check. */
export interface CheckOrder {
  /** Read every file of both sides in full. */
  readonly download: boolean;
  /** How many random files are read in full besides; `null`: as the task says. */
  readonly sample: number | null;
}

/** Random files that were read in full from the far side and compared with the local ones, byte by byte. */
export interface CheckSample {
  /** What chose the files: the same seed chooses the same ones among the same files. */
  readonly seed: string;
  readonly read: number;
  readonly equal: number;
  /** Files that were changed since the last success, so that their copies say nothing. */
  readonly changed: number;
  /** The first of those that were read. */
  readonly names: readonly string[];
  /** Those whose copy is not what the local file is, or cannot be read. */
  readonly failed: readonly CheckedFile[];
}

/** The run that put the destination into the state that was checked. */
export interface CheckedRun {
  readonly id: string;
  readonly outcome: Outcome;
  readonly finishedAt: number;
}

/** A check that is over. Times are milliseconds since the epoch. */
export interface CheckRecord {
  readonly task: string;
  readonly trigger: 'manual' | 'schedule';
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Of what was checked; `null` in what earlier versions recorded. */
  readonly specHash: string | null;
  /** `null`: none is known. */
  readonly run: CheckedRun | null;
  readonly verdict: CheckVerdict;
  readonly counts: CheckCounts;
  /** The weakest that any equal file was compared by. */
  readonly method: CheckMethod;
  readonly equalBy: EqualBy;
  /** One sentence with the counts; never holds a secret. */
  readonly message: string;
  /** The first of those that are not equal. */
  readonly files: readonly CheckedFile[];
  /** What was left out, with the first names. */
  readonly warnings: readonly string[];
  /** `null`: none was asked for. */
  readonly sample: CheckSample | null;
}
