import type { Arrivals } from './arrivals.ts';

/** The source of a MOVE as it was before the first file was sent. */
export interface MoveSource {
  /** What the names of two or more files fold to. */
  readonly sharedFolds: ReadonlySet<string>;
  /** Names that rclone lists and does not transfer. */
  readonly unreachable: readonly string[];
  /** This run has sent the file, or has shown it equal to what is at the destination. */
  proven(name: string): void;
  /** Removes what is proven, as it was before, and at the destination. Stops when the signal fires. */
  remove(arrivals: Arrivals, onRemoved: (name: string) => void): Promise<Removal>;
}

export interface Removal {
  readonly removed: number;
  /** What stays at the source although it is at the destination, by name: a later run may move it. */
  readonly kept: readonly Kept[];
  /** What could not be removed, with the reason. */
  readonly failures: readonly string[];
}

export interface Kept {
  readonly name: string;
  /** `changed`: it is another one by now; `appeared`: it was not there before the run; `fresh`: it may have changed. */
  readonly why: 'changed' | 'appeared' | 'fresh';
}
