import type { ResolvedTask } from './desired.ts';
import type { Problem } from './problem.ts';
import type { Outcome } from './run.ts';

export const actions = ['create', 'update', 'delete', 'unchanged', 'adopt', 'invalid', 'blocked'] as const;
export type Action = (typeof actions)[number];

/** Why a change is what it is; stable, for machines. */
export const changeReasons = [
  'NewManifest',
  'SpecChanged',
  'CredentialChanged',
  'MetadataChanged',
  'ManifestMoved',
  'ManifestRemoved',
  'NotSelected',
  'NoChange',
  'PruneDisabled',
  'InvalidManifest',
  'InvalidManifestLastGoodKept',
  'ManifestUnread',
  'SourceEmpty',
  'TooManyDeletes',
  'RevisionInvalid',
] as const;
export type ChangeReason = (typeof changeReasons)[number];

export interface Plan {
  readonly formatVersion: '1.0';
  /** `sha256:` over what the plan would do; equal inputs give equal hashes. */
  readonly hash: string;
  readonly revision: string | null;
  readonly summary: PlanSummary;
  /** Sorted by task name, then by path. Lists unchanged tasks too. */
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
  /** With what the manifests were compared, where that is not the active set of here. */
  readonly comparedWith?: Comparison;
}

export type Comparison =
  /** A proposed change: the manifests of a commit stand for what is active. */
  | {
      readonly kind: 'base';
      /** As it was named. */
      readonly ref: string;
      readonly revision: string;
      /** Manifests of that commit that are not valid, which count as not active. */
      readonly invalid: readonly string[];
    }
  /** An exported active set. */
  | { readonly kind: 'state'; readonly file: string };

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
  /** Of `--transfers`: what the next run of a task that is created or changed would do. */
  readonly transfers?: Transfers;
}

/** What a dry run found. Counts are of files; `bytes` are those to copy or move. */
export interface Transfers {
  readonly outcome: Outcome;
  /** One readable sentence; `null` on success. */
  readonly lastError: string | null;
  /** What to know before a real run, such as that a guard would refuse it. */
  readonly warnings: readonly string[];
  readonly copies: number;
  readonly moves: number;
  readonly deletes: number;
  readonly bytes: number;
  /** A few paths of each kind, the first by name. */
  readonly first: {
    readonly copy: readonly string[];
    readonly move: readonly string[];
    readonly delete: readonly string[];
  };
}

/** What a change means for schedules and for data, in words. */
export interface Effect {
  readonly code: EffectCode;
  /** Files may be deleted or overwritten that were safe before. */
  readonly danger: boolean;
  readonly message: string;
}

/** Each kind of effect, and what it is about. Codes are stable: they are never reused. */
export const effectCodes = {
  NextRuns: 'When the task will run',
  NextRunsChanged: 'The task will run at other times',
  ManualOnly: 'The task runs only when somebody asks',
  Unscheduled: 'The task will not run any more',
  Suspended: 'The task will not run until it is enabled',
  Resumed: 'The task will run again',
  DeletesAtDestination: 'Files at the destination may be deleted',
  MovesFromSource: 'Files leave the source',
  DirectionChanged: 'Files go the other way',
  LocationChanged: 'Files come from or go to another place',
  CredentialChanged: 'Files may come from or go to another account',
  EncryptionChanged: 'Files are encrypted in another way',
  FiltersChanged: 'Other files count than before',
  ScriptsChanged: 'Other commands run on this machine',
  BackupsChanged: 'What runs replace and delete is kept elsewhere, or not at all',
  GuardChanged: 'A guard holds less back, or more',
  RunsReplaced: 'A run that comes due stops the one before',
  VerifyChanged: 'Both sides are compared at other times',
  NameTakenOver: 'Another file says what the task, or its credential, is',
  LastGoodKept: 'The version that was applied last stays in force',
  PruneBlocked: 'The task is not deleted, because a guard refused',
  SecretMissing: 'The process that runs the task lacks a secret that it needs',
  RunRequested: 'The task runs once, as soon as this is in force',
  ScheduleKept: 'The schedule goes on without its manifest',
  RevisionRefused: 'Nothing is changed, because another manifest is not valid',
} as const;
export type EffectCode = keyof typeof effectCodes;

/** Whether there is anything to do. What is invalid or blocked stays as it is. */
export function hasChanges({ summary }: Plan): boolean {
  return summary.create + summary.update + summary.delete + summary.adopt > 0;
}

/** Whether a guard holds the change back. */
export function isRefusal({ code }: Effect): boolean {
  return code === 'PruneBlocked' || code === 'RevisionRefused';
}

/** What stays as it is is only counted, unless there is something to say about it. */
export function isNews({ action, effects }: Change): boolean {
  return action !== 'unchanged' || effects.length > 0;
}
