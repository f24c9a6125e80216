/**
 * What runs of a task leave for the guards of its later runs. A task without memory is treated as one that never ran,
 * so every field may be missing from a file that an earlier version wrote.
 */
export interface TaskMemory {
  /** Facts of the last success; `null`: there was none. */
  readonly success: SuccessFacts | null;
  /** What a SYNC has deleted since its destination last equalled its source; `null`: nothing that matters. */
  readonly deletions: Deletions | null;
  /** Of the encryption key that was last accepted; `null`: none was. */
  readonly key: KeyPrint | null;
  /** The spec whose two sides were shown to be two places, and where; `null`: none yet. */
  readonly apart: ShownApart | null;
  /** A file that a run may have left where it put it for a moment; `null`: none. */
  readonly probe: LeftProbe | null;
}

export interface LeftProbe {
  readonly name: string;
  /** Of the task that put it there: another spec means another place. */
  readonly specHash: string;
  /** On this machine, or at the remote. */
  readonly side: 'here' | 'far';
  /** Folders that hold it, relative to that side; the side itself is `''`. */
  readonly folders: readonly string[];
}

export interface ShownApart {
  readonly specHash: string;
  /** Name of the machine: another one may be the server. */
  readonly machine: string;
}

/** A fingerprint of an encryption key, for one place. */
export interface KeyPrint {
  /** Where it was accepted, as people call it. */
  readonly place: string;
  /** Random, base64. */
  readonly salt: string;
  /** Base64. */
  readonly hash: string;
}

/**
 * The limit on deletions is for all runs up to the next one that comes to its end: a chain of runs that are killed
 * would otherwise delete the limit's worth again and again.
 */
export interface Deletions {
  readonly specHash: string;
  /** Files at the destination before the first of these deletions. */
  readonly destinationFiles: number;
  /** Digests of the paths. Those of a run that was cut off may be there still. */
  readonly paths: readonly string[];
  /** How many more there are, whose paths are not kept. */
  readonly others: number;
  /** rclone stopped at the limit: nothing more is deleted until a person allows it. */
  readonly stoppedAtBound: boolean;
}

/** What was true when a run last succeeded. */
export interface SuccessFacts {
  /** Of the spec that ran. */
  readonly specHash: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What each local path of the task was. */
  readonly localKinds?: Readonly<Record<string, LocalKind>>;
  /** Files that a COPY or MOVE found at its source: so many at least. */
  readonly sourceFiles?: number;
  /**
   * Where each local path of the task, and the root of its credential, was; and the same of what was mounted below, by
   * the path of the task and the way from there.
   */
  readonly fileSystems?: Readonly<Record<string, FileSystemFacts>>;
}

export interface FileSystemFacts {
  /** Type and source, such as `ext4 /dev/sda1`. */
  readonly name: string;
  readonly uuid: string | null;
  /** What statfs(2) says, for types that keep it on the disk; `null` or left out: not known. */
  readonly id?: string | null;
  /** The path at which it was mounted. */
  readonly point?: string;
}

export type LocalKind = 'file' | 'directory';

export const noMemory: TaskMemory = {
  success: null,
  deletions: null,
  key: null,
  apart: null,
  probe: null,
};

/** Writes the memory of one task while it runs. A dry run gets one that writes nothing. */
export interface MemoryPen {
  /** Durable once it resolves, whatever becomes of the run; the error is in the system's words. */
  note(patch: Partial<TaskMemory>): Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>;
  /** Kept with the facts of the success, if the run ends in one. */
  onSuccess(facts: Partial<SuccessFacts>): void;
}

export const noPen: MemoryPen = { note: async () => ({ ok: true }), onSuccess: () => {} };
