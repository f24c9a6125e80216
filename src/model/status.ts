import type { CheckCounts, CheckMethod, CheckVerdict, EqualBy } from './check.ts';
import type { ManifestKind } from './desired.ts';
import type { Outcome, Progress, RunStats, Trigger } from './run.ts';
import type { WarningDetail } from './warning.ts';

/** The content of `photos.status.json` beside `photos.yaml`. Times are RFC 3339 in UTC. */
export interface StatusFile {
  readonly apiVersion: 'cloudsync/v1';
  readonly kind: 'CloudSyncTaskStatus' | 'CloudCredentialStatus' | 'ManifestStatus';
  readonly metadata: {
    /** `null` when the manifest is too broken to tell. */
    readonly name: string | null;
    /** Relative to the tasks directory. */
    readonly manifest: string;
  };
  readonly status: TaskStatus | CredentialStatus;
}

export function statusKind(kind: ManifestKind | null): StatusFile['kind'] {
  if (kind === 'CloudSyncTask') return 'CloudSyncTaskStatus';
  if (kind === 'CloudCredential') return 'CloudCredentialStatus';
  return 'ManifestStatus';
}

export const syncStates = ['Synced', 'OutOfSync', 'Blocked', 'Invalid'] as const;
export type SyncState = (typeof syncStates)[number];

export const healthStates = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Unknown'] as const;
export type HealthState = (typeof healthStates)[number];

export interface TaskStatus {
  readonly sync: SyncState;
  readonly health: HealthState;
  /** What the manifest says now; `null` when it is not valid. */
  readonly observed: AppliedState | null;
  /** What the scheduler works by; `null` when nothing was ever applied. */
  readonly applied: AppliedState | null;
  readonly conditions: readonly Condition[];
  readonly schedule: ScheduleStatus;
  readonly activeRun: ActiveRunStatus | null;
  readonly lastRun: RunStatus | null;
  readonly lastSuccess: { readonly id: string; readonly finishedAt: string } | null;
  readonly consecutiveFailures: number;
  /** Newest first. */
  readonly history: readonly RunStatus[];
  /** What the last check found; `null`: there was none. Left out by versions that knew no checks. */
  readonly verified?: VerifiedStatus | null;
  /** Tokens of annotations that had their effect. Left out by versions that knew none. */
  readonly handled?: HandledTokens;
  readonly problems: readonly StatusProblem[];
  readonly writer: Writer;
}

/** `null`: there was none. */
export interface HandledTokens {
  /** Of `cloudsync/run-at`: the last one whose run has started, or that came with a new task. */
  readonly runAt: string | null;
  /** Of `cloudsync/reconcile-at`: the one of the version in force. */
  readonly reconcileAt: string | null;
}

export interface CredentialStatus {
  readonly sync: SyncState;
  readonly health: HealthState;
  /** When the remote last accepted it; `null`: never, as far as is known. */
  readonly verifiedAt: string | null;
  readonly conditions: readonly Condition[];
  readonly problems: readonly StatusProblem[];
  readonly writer: Writer;
}

export interface AppliedState {
  readonly generation: number;
  readonly specHash: string;
  readonly revision: string | null;
  readonly at: string;
}

export const conditionTypes = [
  'Ready',
  'Valid',
  'LastRunSucceeded',
  'Suspended',
  'Overdue',
  'Reconciling',
  'Stalled',
  'Verified',
] as const;
export type ConditionType = (typeof conditionTypes)[number];

/** After Kubernetes' `metav1.Condition`. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase, for machines. */
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}

export interface ScheduleStatus {
  /** `null`: nothing is due (manual only, suspended, invalid). */
  readonly next: string | null;
  readonly last: string | null;
  readonly missed: number;
}

export interface ActiveRunStatus {
  readonly id: string;
  readonly trigger: Trigger;
  readonly startedAt: string;
  readonly specHash: string;
  readonly attempt: number;
  /** In words; `null` when it does not wait. */
  readonly waitingFor: string | null;
  readonly progress: Progress | null;
}

export interface RunStatus {
  readonly id: string;
  readonly trigger: Trigger;
  readonly attempt: number;
  readonly dryRun: boolean;
  readonly outcome: Outcome;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number | null;
  readonly stats: RunStats;
  readonly lastError: string | null;
  readonly warnings: readonly string[];
  /** Of the last run only; left out where there is nothing to tell, and by versions that knew none. */
  readonly warningDetails?: readonly WarningDetail[];
  /** Relative to the state directory. */
  readonly log: string | null;
}

/** All but the time, the method and the first five counts is left out by earlier versions. */
export interface VerifiedStatus extends CheckCounts {
  readonly at: string;
  readonly verdict: CheckVerdict;
  readonly method: CheckMethod;
  readonly equalBy: EqualBy;
  /** Whether neither the spec has changed nor a run has ended since. */
  readonly current: boolean;
  readonly specHash: string | null;
  readonly run: { readonly id: string; readonly outcome: Outcome; readonly finishedAt: string } | null;
  /** Random files that were read back in full; `null`: none. */
  readonly sample: {
    readonly seed: string;
    readonly read: number;
    readonly equal: number;
    readonly changed: number;
    /** The first paths whose copy is not what it should be. */
    readonly failed: readonly string[];
  } | null;
}

export interface StatusProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | null;
}

export interface Writer {
  readonly version: string;
}
