import type { TransferMode } from '../model/task.ts';

/** A flag of rclone's that a manifest may set. All of them are in rclone 1.60. */
export interface RcloneFlag {
  readonly description: string;
  readonly type: FlagType;
  /** Where it works; left out, in every mode. */
  readonly modes?: readonly TransferMode[];
}

export type FlagType =
  | { readonly kind: 'boolean' }
  | QuantityType
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** The whole value must match. */
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly wanted: string };

/** Sizes are bytes, durations seconds. */
export interface QuantityType {
  readonly kind: 'integer' | 'number' | 'size' | 'duration';
  readonly least: number;
  readonly most: number;
}

const mebi = 1024 ** 2;
const tebi = 1024 ** 4;
const hour = 3600;

const yesOrNo: FlagType = { kind: 'boolean' };

function integer(least: number, most: number): FlagType {
  return { kind: 'integer', least, most };
}

function size(least: number, most: number): FlagType {
  return { kind: 'size', least, most };
}

function duration(least: number, most: number): FlagType {
  return { kind: 'duration', least, most };
}

const renameStrategies = ['hash', 'modtime', 'leaf', 'hash,leaf', 'modtime,leaf', 'hash,modtime', 'hash,modtime,leaf'];
const order: FlagType = {
  kind: 'text',
  pattern: /(?:size|name|modtime)(?:,(?:asc|ascending|desc|descending|mixed(?:,(?:\d{1,2}|100))?))?/,
  wanted: 'size, name or modtime, and after a comma ascending, descending or mixed',
};
const userAgent: FlagType = { kind: 'text', pattern: /[\x21-\x7e][\x20-\x7e]{0,199}/, wanted: 'plain text' };
const address: FlagType = { kind: 'text', pattern: /[0-9A-Fa-f.:]{2,45}/, wanted: 'an IP address of this machine' };

/**
 * Nothing here reads a file, runs a command, opens a port, or changes configuration, logs, filters, retries, or what a
 * field of the manifest sets: whoever may change a manifest may do no more than by its other fields.
 */
export const rcloneFlags: Readonly<Record<string, RcloneFlag>> = {
  bind: { description: 'The address of this machine that connections go out from.', type: address },
  'buffer-size': { description: 'Memory for reading ahead, for each file in transfer.', type: size(0, 1024 * mebi) },
  'check-first': { description: 'Compares everything before the first transfer.', type: yesOrNo },
  checkers: { description: 'How many files are compared at the same time.', type: integer(1, 256) },
  checksum: { description: 'Compares by size and checksum, not by size and time.', type: yesOrNo },
  contimeout: { description: 'How long to wait for a connection.', type: duration(1, hour) },
  'cutoff-mode': {
    description: 'What happens to files in transfer once max-transfer is reached.',
    type: { kind: 'enum', values: ['hard', 'soft', 'cautious'] },
  },
  'disable-http-keep-alives': { description: 'Uses each connection once.', type: yesOrNo },
  'disable-http2': { description: 'Speaks HTTP/1.1 only.', type: yesOrNo },
  'expect-continue-timeout': { description: 'How long to wait for "100 continue".', type: duration(0, hour) },
  'ignore-case-sync': { description: 'Takes names that differ only in case for the same.', type: yesOrNo },
  'ignore-checksum': { description: 'Does not compare checksums after a transfer.', type: yesOrNo },
  'ignore-existing': { description: 'Leaves alone every file that is at the destination.', type: yesOrNo },
  'ignore-size': { description: 'Compares without the size.', type: yesOrNo },
  'ignore-times': { description: 'Transfers files also where size and time are the same.', type: yesOrNo },
  immutable: { description: 'Fails where a file at the destination would change.', type: yesOrNo },
  'low-level-retries': { description: 'How often one request is tried.', type: integer(1, 1000) },
  'max-backlog': { description: 'How many files may wait to be compared or sent.', type: integer(1, 10_000_000) },
  'max-transfer': { description: 'How much one run may transfer.', type: size(1, 1024 * tebi) },
  metadata: { description: 'Keeps metadata, where both sides can.', type: yesOrNo },
  'modify-window': { description: 'Times that differ by no more count as equal.', type: duration(0, 24 * hour) },
  'multi-thread-cutoff': { description: 'From what size on files are fetched in parts.', type: size(0, 1024 * tebi) },
  'multi-thread-streams': { description: 'How many parts are fetched at the same time.', type: integer(0, 64) },
  'no-check-dest': {
    description: 'Transfers without looking at the destination.',
    type: yesOrNo,
    modes: ['COPY', 'MOVE'],
  },
  'no-gzip-encoding': { description: 'Does not ask for compressed answers.', type: yesOrNo },
  'no-traverse': {
    description: 'Does not list the destination; quicker where few files go to a large one.',
    type: yesOrNo,
    modes: ['COPY', 'MOVE'],
  },
  'no-unicode-normalization': { description: 'Compares names as they are.', type: yesOrNo },
  'no-update-modtime': { description: 'Leaves the time of a file that is otherwise the same.', type: yesOrNo },
  'order-by': { description: 'Which files are transferred first.', type: order },
  'refresh-times': { description: 'Sets times at the destination without a transfer.', type: yesOrNo },
  'size-only': { description: 'Compares by size alone.', type: yesOrNo },
  timeout: {
    description: 'How long a connection may be silent; for a whole run see spec.timeout.',
    type: duration(1, 24 * hour),
  },
  tpslimit: {
    description: 'How many requests are made in a second.',
    type: { kind: 'number', least: 0.001, most: 10_000 },
  },
  'tpslimit-burst': { description: 'How many requests may go beyond tpslimit at once.', type: integer(1, 10_000) },
  'track-renames': {
    description: 'Renames at the destination what was renamed at the source.',
    type: yesOrNo,
    modes: ['SYNC'],
  },
  'track-renames-strategy': {
    description: 'By what track-renames recognises a file.',
    type: { kind: 'enum', values: renameStrategies },
    modes: ['SYNC'],
  },
  update: { description: 'Leaves alone files that are newer at the destination.', type: yesOrNo },
  'use-cookies': { description: 'Keeps cookies during the run.', type: yesOrNo },
  'use-mmap': { description: 'Gives memory back to the system sooner.', type: yesOrNo },
  'use-server-modtime': { description: 'Compares with the time of the upload; fewer requests.', type: yesOrNo },
  'user-agent': { description: 'What rclone calls itself to servers.', type: userAgent },
};
