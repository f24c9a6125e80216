import type { Outcome, RunRecord } from './run.ts';

/** What somebody wants back of a task's far side, and where. */
export interface RestoreOrder {
  /** Absolute path of a directory. */
  readonly directory: string;
  /** A folder of `safety.backupFolder`, named after the run that made it; `null`: what the far side holds now. */
  readonly backup: string | null;
  /** Patterns as in `include` of a manifest, within what the task selects; empty: all of that. */
  readonly include: readonly string[];
  /** The directory may hold something, none of which is overwritten. */
  readonly intoExisting: boolean;
  readonly dryRun: boolean;
}

/** What a restore has done to its directory. */
export interface Restored {
  readonly directory: string;
  readonly backup: string | null;
  /** Files that were put there, each complete. */
  readonly files: number;
  readonly bytes: number;
  /** Files that were there before and have the size of what would have been restored. */
  readonly kept: number;
  /** Files that were there before and have another size; they were left as they are. */
  readonly keptOther: number;
}

/** A restore that is over: a record like that of a run, which is in no history. */
export interface RestoreRecord extends RunRecord {
  readonly restored: Restored;
}

/** What one run replaced or deleted at the far side, and kept. */
export interface Backup {
  /** The id of the run. */
  readonly name: string;
  /** When the run began, in milliseconds since the epoch; `null`: the name does not say. */
  readonly at: number | null;
  /** How the run ended; `null`: it is not known any more. */
  readonly outcome: Outcome | null;
  readonly files: number;
  readonly bytes: number;
}
