import type { TransferMode } from '../model/task.ts';

/** What stands against a flag where it would work. */
export interface Objection {
  readonly severity: 'error' | 'warning';
  /** Follows "cannot be set with …:" or stands as a warning of its own. */
  readonly reason: string;
  readonly hint: string;
}

/** `null`: nothing stands against it. A function looks at the value, in the form that rclone is given. */
export type FlagVerdict = Objection | null | ((value: string | number | boolean) => Objection | null);

/** Where a flag may be used: with each mode, and besides with an encrypted remote, and with a backup folder. */
export type FlagVerdicts = Readonly<Record<TransferMode | 'encryption' | 'backupFolder', FlagVerdict>>;

/**
 * For every flag that a manifest may set, whether a run with it can lose a file, leave a change unsent for good, or put
 * wrong content under a name. A test fails when a flag has no verdict, so that a new one is thought through.
 */
export function flagVerdicts(): Readonly<Record<string, FlagVerdicts>> {
  return verdicts;
}

const harmless: FlagVerdicts = { SYNC: null, COPY: null, MOVE: null, encryption: null, backupFolder: null };

const sizeAlone =
  'a changed file of the same size would be taken for equal, and deleted at the source without being sent';

function error(reason: string, hint: string): Objection {
  return { severity: 'error', reason, hint };
}

function notWithMove(reason: string, hint = 'leave it out, or use COPY'): FlagVerdicts {
  return { SYNC: null, COPY: null, MOVE: error(reason, hint), encryption: null, backupFolder: null };
}

/** Two seconds is what vfat keeps, and the coarsest that any remote in use does. */
export const longestWindowSeconds = 2;

/** Whether times that mean two versions of a file count as one. The value is in the form that rclone is given. */
export function isWideWindow(value: string | number | boolean | undefined): boolean {
  return Number.parseFloat(String(value)) > longestWindowSeconds;
}

const verdicts: Readonly<Record<string, FlagVerdicts>> = {
  bind: harmless,
  'buffer-size': harmless,
  'check-first': harmless,
  checkers: harmless,
  checksum: {
    SYNC: null,
    COPY: null,
    // Where the remote has no checksums, everything is sent.
    MOVE: null,
    encryption: error(
      'an encrypted remote has no checksums, so a change that keeps the size would never be sent',
      'leave it out: sizes and times are compared then',
    ),
    backupFolder: null,
  },
  contimeout: harmless,
  // What is cut off is not proven, and stays.
  'cutoff-mode': harmless,
  'disable-http-keep-alives': harmless,
  'disable-http2': harmless,
  'expect-continue-timeout': harmless,
  'ignore-case-sync': notWithMove('of two files whose names differ only in case, one would be lost'),
  'ignore-checksum': notWithMove('a file that was damaged on the way would be deleted at the source'),
  'ignore-existing': notWithMove(
    'a file that is at the destination in part, or in another version, would never be sent',
    'leave it out: what is at the destination already is not sent twice',
  ),
  'ignore-size': notWithMove('a file that was cut off on the way would be deleted at the source'),
  'ignore-times': harmless,
  immutable: harmless,
  'low-level-retries': harmless,
  'max-backlog': harmless,
  // What was not sent stays.
  'max-transfer': harmless,
  metadata: harmless,
  'modify-window': {
    SYNC: null,
    COPY: null,
    MOVE: (value) =>
      isWideWindow(value)
        ? error(
            `with more than ${longestWindowSeconds}s, a changed file of the same size could be taken for equal, and ` +
              'deleted at the source without being sent',
            `write ${longestWindowSeconds}s or less, or leave it out`,
          )
        : null,
    encryption: null,
    backupFolder: null,
  },
  'multi-thread-cutoff': harmless,
  'multi-thread-streams': harmless,
  'no-check-dest': {
    SYNC: null,
    COPY: null,
    // It sends everything.
    MOVE: null,
    encryption: null,
    backupFolder: error(
      'what is replaced would not be kept, because rclone does not look at it',
      'leave out one of the two',
    ),
  },
  'no-gzip-encoding': harmless,
  'no-traverse': harmless,
  // Names that then collide are removed only if the destination lists all of them.
  'no-unicode-normalization': harmless,
  'no-update-modtime': notWithMove('the time of a file that is at the destination already would be lost'),
  'order-by': harmless,
  'refresh-times': {
    SYNC: null,
    COPY: null,
    MOVE: error(sizeAlone, 'leave it out, or use COPY'),
    encryption: error(
      'an encrypted remote has no checksums, so a change that keeps the size would never be sent',
      'leave it out: files with another time are sent then',
    ),
    backupFolder: null,
  },
  'size-only': notWithMove(sizeAlone),
  timeout: harmless,
  tpslimit: harmless,
  'tpslimit-burst': harmless,
  'track-renames': harmless,
  'track-renames-strategy': {
    SYNC: renameVerdict,
    COPY: null,
    MOVE: null,
    encryption: null,
    backupFolder: null,
  },
  update: notWithMove(
    'a file that is newer at the destination would keep its place, and the one at the source be deleted',
  ),
  'use-cookies': harmless,
  'use-mmap': harmless,
  'use-server-modtime': notWithMove('the time of the last change would be lost with the source'),
  'user-agent': harmless,
};

/** Only a hash shows that a file of another name is the same file. */
function renameVerdict(value: string | number | boolean): Objection | null {
  const parts = String(value).split(',');
  if (parts.includes('hash')) return null;
  if (parts.length === 1) {
    const by = value === 'leaf' ? 'last part of the name' : 'time';
    return error(
      `two files of one size and ${by} would be taken for one, and the content of one be put under the name of the other`,
      'write hash, or modtime,leaf where the remote has no checksums',
    );
  }
  const reason = 'files in different folders that share name, size and time are taken for one';
  return { severity: 'warning', reason, hint: 'write hash where the remote has checksums' };
}
