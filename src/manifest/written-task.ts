import type { Concurrency, Direction, MissedRunPolicy, PreflightPolicy, TransferMode } from '../model/task.ts';

/** `spec` of a task as people write it, once the schema has found no fault in it. */
export interface WrittenTaskSpec {
  readonly description?: string;
  readonly direction: Direction;
  readonly transferMode?: TransferMode;
  readonly path: string | readonly string[];
  readonly remote: WrittenRemote;
  readonly schedule?: string | WrittenSchedule;
  readonly verify?: { readonly schedule: string | WrittenSchedule; readonly sample?: number };
  readonly enabled?: boolean;
  readonly followSymlinks?: boolean;
  readonly preScript?: string;
  readonly postScript?: string;
  readonly finallyScript?: string;
  readonly exclude?: readonly string[];
  readonly include?: readonly string[];
  readonly minAge?: string;
  readonly maxAge?: string;
  readonly minSize?: string;
  readonly maxSize?: string;
  readonly uploadChunkSize?: string;
  readonly encryption?: WrittenEncryption;
  readonly transfers?: number;
  readonly bandwidthLimit?: string | number | readonly string[];
  readonly createEmptySourceDirectories?: boolean;
  readonly deleteEmptySourceDirectories?: boolean;
  readonly fastList?: boolean;
  readonly safety?: WrittenSafety;
  readonly retry?: { readonly limit?: number; readonly backoff?: string };
  readonly timeout?: string;
  readonly concurrency?: Concurrency;
  readonly history?: { readonly successful?: number; readonly failed?: number };
  readonly rcloneFlags?: Readonly<Record<string, string | number | boolean>>;
}

export interface WrittenRemote {
  readonly credential?: string;
  readonly rcloneRemote?: string;
  readonly bucket?: string;
  readonly folder?: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

export interface WrittenEncryption {
  /** A reference to a secret. */
  readonly password: object;
  readonly salt?: object;
  readonly filenames?: boolean;
}

export interface WrittenSafety {
  /** A number of files, or a percentage such as `50%`. */
  readonly maxDelete?: number | string;
  readonly allowEmptySource?: boolean;
  readonly preflight?: PreflightPolicy;
  readonly backupFolder?: string;
  readonly backupRetention?: string;
  readonly requireMarker?: string;
  readonly requireDestinationMarker?: boolean;
}

export interface WrittenSchedule {
  readonly cron: string;
  readonly timeZone?: string;
  readonly jitter?: string;
  readonly missedRuns?: MissedRunPolicy;
  readonly deadline?: string;
}

export interface WrittenMetadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
