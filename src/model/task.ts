import type { SecretReference } from './credential.ts';

export const directions = ['PUSH', 'PULL'] as const;
export type Direction = (typeof directions)[number];

export const transferModes = ['SYNC', 'COPY', 'MOVE'] as const;
export type TransferMode = (typeof transferModes)[number];

/** A valid `CloudSyncTask`: every default filled in, every path absolute, every quantity in base units. */
export interface Task {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: TaskSpec;
}

/** Which files of the source count by their age and size; `null`: all. Both ends are included. Only with COPY and MOVE. */
export interface FileLimits {
  /** By the time of the last modification, as the source reports it. */
  readonly minAgeMs: number | null;
  readonly maxAgeMs: number | null;
  readonly minSizeBytes: number | null;
  readonly maxSizeBytes: number | null;
}

export interface TaskSpec extends FileLimits {
  readonly description: string;
  readonly direction: Direction;
  readonly transferMode: TransferMode;
  /** Absolute local paths, at least one. */
  readonly paths: readonly string[];
  readonly remote: RemoteLocation;
  /** `null`: the task only runs when somebody asks. */
  readonly schedule: Schedule | null;
  /** When both sides are compared; `null`: only when somebody asks. */
  readonly verify: Verify | null;
  readonly enabled: boolean;
  readonly followSymlinks: boolean;
  readonly preScript: string;
  readonly postScript: string;
  readonly finallyScript: string;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly uploadChunkSizeBytes: number | null;
  readonly encryption: Encryption | null;
  /** `null`: rclone's own default, 4. */
  readonly transfers: number | null;
  /** Empty: no limit. Sorted by weekday and time; a single slot without a time is a constant limit. */
  readonly bandwidthLimit: readonly BandwidthSlot[];
  readonly createEmptySourceDirectories: boolean;
  /** With MOVE only; the paths of the task themselves stay. */
  readonly deleteEmptySourceDirectories: boolean;
  readonly fastList: boolean;
  readonly safety: Safety;
  readonly retry: Retry;
  /** `null`: a run may take as long as it needs. */
  readonly timeoutMs: number | null;
  readonly concurrency: Concurrency;
  readonly history: HistoryLimits;
  readonly rcloneFlags: Readonly<Record<string, string | number | boolean>>;
}

/** Either a credential manifest, or a section of an existing rclone.conf; exactly one of the two is set. */
export interface RemoteLocation {
  readonly credential: string | null;
  readonly rcloneRemote: string | null;
  /** Set only for providers that have buckets. */
  readonly bucket: string | null;
  /** As written, without trailing slashes; a leading slash matters to SFTP and FTP. */
  readonly folder: string;
  /** Options of the provider that hold for this task alone, beside those of the credential; left out: none. */
  readonly options?: TaskOptions;
}

export type TaskOptions = Readonly<Record<string, string | number | boolean>>;

export const missedRunPolicies = ['RunOnce', 'Skip'] as const;
export type MissedRunPolicy = (typeof missedRunPolicies)[number];

export interface Schedule {
  /** Five fields, or six with seconds first. Presets are already expanded. */
  readonly cron: string;
  /** IANA name; `null`: the daemon's own zone. */
  readonly timeZone: string | null;
  /** Upper bound of the delay, which is fixed for each task name. */
  readonly jitterMs: number;
  readonly missedRuns: MissedRunPolicy;
  /** How late a missed run may still start. */
  readonly deadlineMs: number;
}

export interface Verify {
  readonly schedule: Schedule;
  /** How many files, chosen at random, are read back in full; 0: none. */
  readonly sample: number;
}

export interface Encryption {
  readonly password: SecretReference;
  readonly salt: SecretReference | null;
  readonly filenames: boolean;
}

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

export interface BandwidthSlot {
  readonly weekday: Weekday | null;
  /** `HH:MM`; `null` only for the one slot of a constant limit. */
  readonly time: string | null;
  readonly limit: BandwidthRate;
}

/** Bytes per second in each direction; `null` is unlimited. */
export interface BandwidthRate {
  readonly up: number | null;
  readonly down: number | null;
}

export const preflightPolicies = ['always', 'never'] as const;
export type PreflightPolicy = (typeof preflightPolicies)[number];

export interface Safety {
  readonly maxDelete: DeleteLimit;
  readonly allowEmptySource: boolean;
  readonly preflight: PreflightPolicy;
  /** Relative to the destination's root; `null`: deleted and replaced files are not kept. */
  readonly backupFolder: string | null;
  /** What runs set aside there longer ago than this is deleted; `null`: it stays. */
  readonly backupRetentionMs: number | null;
  /** A file below the local path without which no run starts, as on a disk that is not mounted; `null`: none. */
  readonly requireMarker: string | null;
  /** Whether the file of `requireMarker` must be at the far side as well. */
  readonly requireDestinationMarker: boolean;
}

export type DeleteLimit =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percentage'; readonly percentage: number };

export interface Retry {
  /** How often a run is tried again after its first attempt. */
  readonly limit: number;
  readonly backoffMs: number;
}

export const concurrencyPolicies = ['Forbid', 'Replace', 'Queue'] as const;
export type Concurrency = (typeof concurrencyPolicies)[number];

/** How many runs of each kind are kept, with their logs. */
export interface HistoryLimits {
  readonly successful: number;
  readonly failed: number;
}
