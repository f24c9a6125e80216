import type { OptionValue } from './credential.ts';
import type { PlaceRule } from './far-place.ts';
import type { Severity } from './problem.ts';
import type { Direction, TransferMode } from './task.ts';

/** What we know of one kind of remote: enough to validate a credential and to hand it to rclone. */
export interface Provider {
  /** The value of `spec.provider`. */
  readonly name: string;
  readonly title: string;
  /** The backend's name in rclone; one that the installed build lacks is a validation message. */
  readonly rcloneType: string;
  /** One or two sentences for the documentation. */
  readonly description: string;
  readonly options: Readonly<Record<string, ProviderOption>>;
  /**
   * Options that a task may set for itself, with what is narrower there than for a credential. Never one that says
   * where files go, who logs in, or who may read them. Default: none.
   */
  readonly perTask?: Readonly<Record<string, Partial<ProviderOption>>>;
  /** Besides the required ones, what most credentials of it have; a new one is written with these. Default: none. */
  readonly usual?: readonly string[];
  /** What the folder of a task begins with. Default: anything. */
  readonly folderPrefix?: string;
  /** Whether a task names a bucket (or container) above its folder. */
  readonly buckets: boolean;
  readonly directions: readonly Direction[];
  /** Where its files lie; `local`: on this machine. */
  readonly place: PlaceRule | 'local';
  /** rclone options that are always sent with this provider. */
  readonly fixed: Readonly<Record<string, string>>;
  /** `null`: the provider takes files whole, or in parts of a size that is not ours to choose. */
  readonly uploadChunk: UploadChunk | null;
  /** Whether listing with fewer, larger requests is possible (`fastList`). */
  readonly fastList: boolean;
  /** `false`: files cannot be moved or copied within the remote, so that none can be set aside there. */
  readonly setsAside?: false;
  /** The option that holds an OAuth token, which rclone renews and writes back; `null`: none. */
  readonly token: string | null;
  /** What people trip over, a sentence each, for the documentation. */
  readonly notes: readonly string[];
  /** Rules between options, for a credential whose options are each valid by themselves. */
  readonly check?: (options: Readonly<Record<string, OptionValue>>) => readonly OptionIssue[];
  /** What of a task the provider cannot do, as a sentence without its full stop; `null`: nothing. */
  readonly checkTask?: (task: ProviderTask) => string | null;
}

/** What a provider finds wrong with the options of a credential as a whole. No message shows a value. */
export interface OptionIssue {
  readonly severity: Severity;
  /** Something is missing, or something that is there cannot be. */
  readonly code: 'CS042' | 'CS044';
  /** `null`: the options as a whole. */
  readonly option: string | null;
  readonly message: string;
  readonly hint: string;
}

/** What a provider may have to say something about. */
export interface ProviderTask {
  readonly direction: Direction;
  readonly transferMode: TransferMode;
  readonly folder: string;
}

/** How `uploadChunkSize` reaches rclone. Sizes are bytes. */
export interface UploadChunk {
  /** rclone's option for it. */
  readonly option: string;
  readonly defaultBytes: number;
  readonly minimumBytes: number;
  /** `null`: only memory limits it. */
  readonly maximumBytes: number | null;
  readonly rule: 'any' | 'powerOfTwo' | { readonly multipleOfBytes: number };
  /** An option that must not be smaller than a chunk, and is raised with it. */
  readonly cutoffOption: string | null;
}

export interface ProviderOption {
  readonly type: 'string' | 'integer' | 'boolean' | 'path';
  readonly description: string;
  readonly examples: readonly (string | number | boolean)[];
  readonly required?: boolean;
  /** Only a secret reference is accepted. */
  readonly secret?: boolean;
  /** rclone expects its own obscured form. */
  readonly obscured?: boolean;
  readonly values?: readonly string[];
  /** What it usually is; another value is the server's own, or a slip. */
  readonly usual?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** A regular expression that the whole value must match. */
  readonly pattern?: string;
}

/** The options that a task may set for itself. */
export function taskOptions({ options, perTask = {} }: Provider): Provider['options'] {
  return Object.fromEntries(
    Object.entries(perTask).flatMap(([name, narrower]) => {
      const option = options[name];
      return option === undefined ? [] : [[name, { ...option, ...narrower }] as const];
    }),
  );
}
