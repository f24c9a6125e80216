/** Why a run is not simply a success, the most important first. Each reason has its own sentence. */
export const warningReasons = [
  'undecryptable',
  'misplaced',
  'sourceDuplicate',
  'destinationDuplicate',
  'unreadable',
  'notSent',
  'notDeleted',
  'corrupted',
  'disallowedName',
  'unexportable',
  'symlink',
  'special',
  'sameFile',
  'notHashed',
  'comparedBySize',
  'modificationTime',
  'flagIgnored',
  'tokenNotSaved',
  'other',
] as const;
export type WarningReason = (typeof warningReasons)[number];

/** One kind of thing that a run left out or could not do, although rclone may have called it a success. */
export interface WarningDetail {
  readonly reason: WarningReason;
  /** How often rclone reported it. */
  readonly count: number;
  /** The first files and folders that it is about, at most `maxWarningNames`; empty where it is about the whole remote. */
  readonly names: readonly string[];
}

export const maxWarningNames = 10;
