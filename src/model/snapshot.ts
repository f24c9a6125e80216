/** One consistent reading of the tasks directory. */
export interface Snapshot {
  /** The tasks directory as the user named it. */
  readonly directory: string;
  /**
   * The same, absolute. Relative paths in manifests start from here: where git-sync publishes each commit in a directory
   * of its own behind a link, they mean the same in each commit.
   */
  readonly baseDirectory: string;
  /** The same with every link resolved. */
  readonly realDirectory: string;
  /** Sorted by path. Only what could be a manifest: `*.yaml` and `*.yml`, without dotfiles. */
  readonly files: readonly SourceFile[];
  /** Sorted by path. What may be or hold a manifest and is not read as one. */
  readonly unread: readonly (UnreadFolder | UnreadFile)[];
  /** The Git commit that is checked out, where that can be told. */
  readonly revision: string | null;
  /** Whether a file `.allow-empty` is committed in the directory. */
  readonly allowEmpty: boolean;
}

export type SourceFile = ReadableFile | RecalledFile | RefusedFile;

export interface ReadableFile {
  readonly state: 'readable';
  /** Relative to the tasks directory, with `/`. */
  readonly path: string;
  readonly sha256: string;
  readonly text: string;
}

/** A file that is as it was when a daemon before this one read it, and that was not read again. */
export interface RecalledFile {
  readonly state: 'recalled';
  /** Relative to the tasks directory, with `/`. */
  readonly path: string;
  readonly sha256: string;
}

/** A file that is there, so nothing that it declared counts as absent, but whose content is not known. */
export interface RefusedFile {
  readonly state: 'refused';
  readonly path: string;
  readonly reason: 'TooLarge' | 'NotRegular' | 'OutsideRoot' | 'Unreadable';
  /** The system's own words, such as `EACCES: permission denied`, or the size found. */
  readonly detail: string;
}

/** A folder that may hold manifests; what was applied from below it is not absent. */
export interface UnreadFolder {
  /** Relative to the tasks directory, with `/`. */
  readonly path: string;
  readonly reason: 'Unreadable' | 'LeadsOutside' | 'BrokenLink';
  /** The system's own words, or where the link leads. */
  readonly detail: string;
}

/** A file whose name does not end in `.yaml` or `.yml`, and that may be a manifest all the same. */
export interface UnreadFile {
  readonly path: string;
  readonly reason: 'Misnamed' | 'Perhaps' | 'Backup';
  readonly file: SourceFile;
}

/** Why there is no snapshot. Never a reason to delete anything. */
export interface SourceUnavailable {
  readonly reason: 'Missing' | 'Unreadable' | 'Unstable' | 'Locked';
  readonly message: string;
}

/** The largest manifest that is read; checked before reading. */
export const maxManifestBytes = 64 * 1024;
