import type { PlanSummary } from './plan.ts';
import type { SourceUnavailable } from './snapshot.ts';
import type { StatusFile } from './status.ts';

/** How a daemon is, for those who ask it. Times are RFC 3339 in UTC. */
export interface DaemonStatus {
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  readonly stopping: boolean;
  /** Whether it applies what the manifests say by itself, or only reports that they differ. */
  readonly apply: 'auto' | 'manual';
  readonly watch: WatchStatus;
  /** The last that was read; `null`: none yet. */
  readonly snapshot: SnapshotStatus | null;
  /** Why the tasks directory cannot be read now; `null`: it can. */
  readonly unavailable: (SourceUnavailable & { readonly since: string }) | null;
  /** Runs in flight, those that wait for their turn included. */
  readonly runs: number;
}

interface WatchStatus {
  readonly mode: 'auto' | 'poll' | 'off';
  /** Why the file system's events are not to be had, and the directory is read at short intervals; `null`: they are. */
  readonly degraded: string | null;
}

export interface SnapshotStatus {
  readonly at: string;
  /** The Git commit, where that can be told. */
  readonly revision: string | null;
  /** Of the plan that was made from it, as `approve-prune` and `apply` know it. */
  readonly hash: string;
  /** How many of its manifests are valid, and how many are not. */
  readonly tasks: number;
  readonly credentials: number;
  readonly invalid: number;
  readonly summary: PlanSummary;
  /** Why what it says could not be recorded, and is not in force; `null`: it could. */
  readonly failure: string | null;
}

/** Everything there is a status of. */
export interface StatusReport {
  /** `null`: whoever answers is no daemon. */
  readonly daemon: DaemonStatus | null;
  readonly tasks: readonly StatusFile[];
  readonly credentials: readonly StatusFile[];
}
