import type { FarPlace } from './far-place.ts';
import type { Result } from './result.ts';

/**
 * A run that writes at a place, from before its first byte there until a run has succeeded in its stead. Files that it
 * wrote last may be cut off, under their final names. It belongs to the place and not to the task: whoever reads there
 * has to know.
 */
export interface CutOff {
  readonly runId: string;
  readonly task: string;
  readonly specHash: string;
  /** The root of its destination; several places where its remote joins several. */
  readonly places: readonly WrittenPlace[];
  /** Whether names and contents there are those of an encryption. */
  readonly encrypted: boolean;
  /** Milliseconds since the epoch: what is cut off was last written between these. `until` is `null` while it runs. */
  readonly from: number;
  readonly until: number | null;
  /** How many files it was to write, and which, relative to its root; `null`: not known. */
  readonly expected: Expected | null;
}

export interface Expected {
  readonly count: number;
  /** `null`: too many to keep, or names that a list cannot hold. */
  readonly paths: readonly string[] | null;
}

/** A local place is found again by its path, and by its folder where that was renamed since. */
export type WrittenPlace = LocalRoot | FarPlace;

export interface LocalRoot {
  readonly kind: 'path';
  /** Without links. */
  readonly path: string;
  /** As `device:inode`; `null`: it did not exist. */
  readonly folder: string | null;
}

/** All that is known of such runs, whatever the task. */
export interface CutOffs {
  all(): Promise<readonly CutOff[]>;
  /** Durable once it resolves; takes the place of what is known of the same run. The error is in the system's words. */
  put(cutOff: CutOff): Promise<Result<void, string>>;
  drop(runIds: readonly string[]): Promise<void>;
}
