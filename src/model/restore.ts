/** What somebody wants back of a task's far side, and where. */
export interface RestoreOrder {
  /** Absolute path of a directory. */
  readonly directory: string;
  /** A folder of `safety.backupFolder`, named after the run that made it; `null`: what the far side holds now. */
  readonly backup: string | null;
  /** The directory may hold something, none of which is overwritten. */
  readonly intoExisting: boolean;
  readonly dryRun: boolean;
}

/** What one run replaced or deleted at the far side, and kept. */
export interface Backup {
  /** The id of the run. */
  readonly name: string;
}
