import type { ResolvedTask } from './desired.ts';
import type { Problem } from './problem.ts';

export const actions = ['create', 'update', 'delete', 'unchanged', 'adopt', 'invalid', 'blocked'] as const;
export type Action = (typeof actions)[number];

/** Why a change is what it is; stable, for machines. */
export type ChangeReason =
  | 'NewManifest'
  | 'SpecChanged'
  | 'CredentialChanged'
  | 'ManifestMoved'
  | 'ManifestRemoved'
  | 'NoChange'
  | 'InvalidManifest'
  | 'InvalidManifestLastGoodKept'
  | 'SourceEmpty'
  | 'TooManyDeletes';

export interface Plan {
  readonly formatVersion: '1.0';
  /** `sha256:` over what the plan would do; equal inputs give equal hashes. */
  readonly hash: string;
  readonly revision: string | null;
  readonly summary: PlanSummary;
  /** Sorted by task name, then by path. Lists unchanged tasks too. */
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
}

export type PlanSummary = Readonly<Record<Action, number>>;

export interface Change {
  /** `null` only for an invalid manifest whose name cannot be read. */
  readonly name: string | null;
  readonly path: string;
  readonly action: Action;
  readonly reason: ChangeReason;
  readonly before: ResolvedTask | null;
  readonly after: ResolvedTask | null;
  readonly effects: readonly Effect[];
}

/** What a change means for schedules and for data, in words. */
export interface Effect {
  readonly code: EffectCode;
  /** Files may be deleted or overwritten that were safe before. */
  readonly danger: boolean;
  readonly message: string;
}

export type EffectCode =
  | 'NextRuns'
  | 'NextRunsChanged'
  | 'ManualOnly'
  | 'Unscheduled'
  | 'Suspended'
  | 'Resumed'
  | 'DeletesAtDestination'
  | 'MovesFromSource'
  | 'DirectionChanged'
  | 'LocationChanged'
  | 'CredentialChanged'
  | 'EncryptionChanged'
  | 'FiltersChanged'
  | 'ScriptsChanged'
  | 'BackupsChanged'
  | 'GuardChanged'
  | 'RunsReplaced'
  | 'VerifyChanged'
  | 'LastGoodKept'
  | 'PruneBlocked';

/** Whether there is anything to do. What is invalid or blocked stays as it is. */
export function hasChanges({ summary }: Plan): boolean {
  return summary.create + summary.update + summary.delete + summary.adopt > 0;
}
