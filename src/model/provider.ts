import type { Direction } from './task.ts';

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
  /** Whether a task names a bucket (or container) above its folder. */
  readonly buckets: boolean;
  readonly directions: readonly Direction[];
  /** rclone options that are always sent with this provider. */
  readonly fixed: Readonly<Record<string, string>>;
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
  readonly minimum?: number;
  readonly maximum?: number;
  /** A regular expression that the whole value must match. */
  readonly pattern?: string;
}
