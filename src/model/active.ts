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

/** The file that a credential was applied from; it holds the name as long as something is there. */
export interface CredentialOwner {
  readonly name: string;
  /** The manifest's path, relative to the tasks directory. */
  readonly path: string;
  /** `sha256:` and the digest of the canonical JSON of its spec. */
  readonly specHash: string;
}

/** By name. */
export type CredentialOwners = ReadonlyMap<string, CredentialOwner>;

export const noOwners: CredentialOwners = new Map();

/** What makes one active set of another. */
export interface ActiveChanges {
  readonly writes: readonly ActiveTask[];
  /** Names. */
  readonly removes: readonly string[];
  readonly owners?: OwnerChanges;
}

export interface OwnerChanges {
  readonly writes: readonly CredentialOwner[];
  /** Names. */
  readonly removes: readonly string[];
}
