import type { WarningReason } from '../model/warning.ts';
import type { LogMessage } from './log-line.ts';

/**
 * What rclone says of a file that it left out or could not handle, by the start of the message (1.60 to 1.75). Some of
 * these are of level `error` and come with exit code 0.
 */
const known: readonly (readonly [RegExp, WarningReason])[] = [
  [/^Can't follow symlink without/, 'symlink'],
  [/^Can't transfer non file\/directory/, 'special'],
  [/^Skipping undecryptable/, 'undecryptable'],
  [/^Duplicate (?:object|directory) found in source/, 'sourceDuplicate'],
  [/^Duplicate (?:object|directory) found in destination/, 'destinationDuplicate'],
  // A key of a bucket that is no path: an empty part, "." or "..".
  [/^Entry doesn't belong in directory/, 'misplaced'],
  [/^Odd name received/, 'misplaced'],
  [/^(?:skipping because of error|Ignoring item with bad status|Item with unknown path received)/, 'unreadable'],
  [
    /^(?:Failed to read directory|error reading (?:source|destination) directory|error listing|Listing error)/,
    'unreadable',
  ],
  [/^(?:Failed to open|Failed to copy: failed to open source object|Failed to read metadata)/, 'unreadable'],
  [/^(?:Skipped circular|Can't read dangling|can't read dangling|Ignoring dangling)/i, 'unreadable'],
  [/^[Ff]ile name (?:"(?:.|\s)*" is )?disallowed - not uploading/, 'disallowedName'],
  [/^(?:No export formats found|Skipping google document)/, 'unexportable'],
  [/^Not removing source file as it is the same file/, 'sameFile'],
  [/^[Cc]orrupted/, 'corrupted'],
  [/^Failed to calculate (?:src|dst) hash|^\d+ hashes could not be checked/, 'notHashed'],
  [/^--checksum is in use but the source and destination have no hashes in common/, 'comparedBySize'],
  [
    /^Failed to (?:set|update|read) (?:the )?(?:modification time|directory modification time|last modified)/i,
    'modificationTime',
  ],
  [/^(?:Couldn't delete|Failed to (?:delete|remove|rmdir))/, 'notDeleted'],
  [/^(?:Failed to (?:copy|upload|transfer|move)|Couldn't move)/, 'notSent'],
  [/^Ignoring --/, 'flagIgnored'],
  [/^Failed to save config/, 'tokenNotSaved'],
];

/** Of level `error` and still no failure of their own: what rclone is about to do next, or a consequence. */
const asides =
  /^(?:Attempt \d|Can't retry|Fatal error received|not deleting|Cancelling sync|Using --filter|There was nothing)/;

/** What the credential has accepted in writing (`accept_unknown_host_key`), of which newer versions speak in each run. */
const accepted = /^No host key validation/;

/** What a file's own message can never be, whatever the file is called. */
export function isAside(line: LogMessage): boolean {
  return !isAboutFile(line) && asides.test(line.text);
}

/** The reason that a message adds to the warnings of a run; `null`: the message is of no importance. */
export function warningReason(line: LogMessage): WarningReason | null {
  if (isAside(line) || accepted.test(line.text)) return null;
  const reason = known.find(([pattern]) => pattern.test(line.text))?.[1];
  if (reason !== undefined) return reason;
  // Something that nobody has seen yet is a warning until somebody has decided what it means.
  if (line.level === 'error') return isFinalWord(line) ? null : 'other';
  return isAboutFile(line) && (line.level === 'notice' || line.level === 'warning') ? 'other' : null;
}

/** The summary with which rclone ends; later versions give it the level of a notice. */
export function isFinalWord({ object, text }: LogMessage): boolean {
  return object === null && /^Failed to [a-z]+(?: with \d+ errors)?: /.test(text);
}

/** Whether the message names a file or folder, and not the remote as a whole. */
export function isAboutFile({ object, wholeRemote }: LogMessage): boolean {
  return object !== null && object !== '' && !wholeRemote;
}
