import type { ResolvedTask } from './desired.ts';

/** A task as it was last applied. The set of these is what `plan` compares the manifests with. */
export interface ActiveTask extends ResolvedTask {
  /** Counts up with each change of `specHash`, from 1. */
  readonly generation: number;
  readonly revision: string | null;
  /** When this generation was applied, milliseconds since the epoch. */
  readonly appliedAt: number;
  /** Since when the task has this schedule and is enabled; times before then were not missed. */
  readonly scheduledSince: number;
  readonly runTokens: RunTokens;
}

/** What the annotation `cloudsync/run-at` has asked for. */
export interface RunTokens {
  /** The last one that had its run, or was there from the start. */
  readonly handled: string | null;
  /** The one whose run has not started. */
  readonly pending: string | null;
}

/** By task name. */
export type ActiveSet = ReadonlyMap<string, ActiveTask>;

/** What makes one active set of another. */
export interface ActiveChanges {
  readonly writes: readonly ActiveTask[];
  /** Names. */
  readonly removes: readonly string[];
}
