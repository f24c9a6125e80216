import type { Annotations } from './annotation.ts';
import type { Credential, CredentialSpec } from './credential.ts';
import type { Problem } from './problem.ts';
import type { Task, TaskSpec } from './task.ts';

/** What the scheduler is given: a task with its credential as it was when it was applied. */
export interface ResolvedTask {
  readonly name: string;
  /** The manifest's path, relative to the tasks directory. */
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Annotations;
  readonly spec: TaskSpec;
  /** `null` for a task that names a section of an existing rclone.conf. */
  readonly credential: CredentialSpec | null;
  /** `sha256:` and the digest of the canonical JSON of `spec` and `credential`. */
  readonly specHash: string;
}

export type ManifestKind = 'CloudSyncTask' | 'CloudCredential';

/** One file, parsed. What could be found out is there even when the file as a whole is not valid. */
export interface ParsedManifest {
  readonly path: string;
  readonly kind: ManifestKind | null;
  readonly name: string | null;
  /** `null` where they cannot be read. */
  readonly labels: Readonly<Record<string, string>> | null;
  readonly task: Task | null;
  readonly credential: Credential | null;
  readonly problems: readonly Problem[];
  /** Where the keys are written that another file can make wrong, as `writePlaces` puts it. */
  readonly places: string;
}

export type PlaceName =
  | 'metadata.name'
  | 'spec.direction'
  | 'spec.path'
  | 'spec.uploadChunkSize'
  | 'spec.fastList'
  | 'spec.remote'
  | 'spec.remote.bucket'
  | 'spec.remote.credential'
  | 'spec.remote.options'
  | 'spec.safety.backupFolder'
  | 'spec.provider';

/** Line and column count from 1; `text` is the line, without what may be a secret. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** What all the manifests together say. */
export interface Desired {
  /** Valid tasks by name. */
  readonly tasks: ReadonlyMap<string, ResolvedTask>;
  readonly credentials: ReadonlyMap<string, ValidCredential>;
  /** Manifests with an error, by path: their last good version stays in force. */
  readonly invalid: ReadonlyMap<string, InvalidManifest>;
  /** Names of the tasks that this host does not select, by the path of their manifests. */
  readonly unselected: ReadonlyMap<string, string>;
  /** What may be or hold a manifest and is not read as one; nothing that was applied from there is absent. */
  readonly unread: readonly UnreadManifest[];
  readonly takeovers: Takeovers;
  /** Paths of manifests whose name belongs to another file. */
  readonly rejected: ReadonlySet<string>;
  /** Errors and warnings of all files, sorted by file, line and column. */
  readonly problems: readonly Problem[];
  readonly revision: string | null;
  /** Number of manifests read. */
  readonly files: number;
  readonly allowEmpty: boolean;
}

/** Names that come from another file than they were applied from, which is gone, and mean something else there. */
export interface Takeovers {
  /** Names of tasks, those included whose credential is taken over. */
  readonly tasks: ReadonlySet<string>;
  readonly credentials: ReadonlySet<string>;
}

export interface UnreadManifest {
  readonly path: string;
  /** `folder`: everything below the path. `backup`: what is left of a manifest, and gives way to another manifest. */
  readonly kind: 'folder' | 'file' | 'backup';
  /** Whether it may be about any task at all, because nothing of it can be read. */
  readonly isOpaque: boolean;
  /** What it would be a manifest of, where that can be read. */
  readonly about: { readonly kind: ManifestKind; readonly name: string } | null;
}

export interface ValidCredential {
  readonly credential: Credential;
  readonly path: string;
}

export interface InvalidManifest {
  readonly path: string;
  readonly kind: ManifestKind | null;
  /** `null` when the file is too broken to tell. */
  readonly name: string | null;
  readonly problems: readonly Problem[];
}
