import type { WarningDetail, WarningReason } from '../model/warning.ts';
import { plural } from '../model/wording.ts';

/** One sentence for a person, with the names. */
export function warningText({ reason, count, names }: WarningDetail): string {
  const [what, advice] = sentences[reason](count);
  const more = count - names.length;
  const named = names.length === 0 ? '' : ` (${names.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
  return `${what}${named}${advice === undefined ? '' : `; ${advice}`}`;
}

type Sentence = (count: number) => readonly [what: string, advice?: string];

const sentences: Readonly<Record<WarningReason, Sentence>> = {
  undecryptable: (count) => [`${plural(count, 'name')} could not be decrypted`, 'is the encryption password right?'],
  misplaced: (count) => [
    `${plural(count, 'object')} left out: the key is no path, as it has an empty part, "." or ".."`,
    'rename them at the source',
  ],
  sourceDuplicate: (count) => [
    `${plural(count, 'name')} left out at the source, as another one is the same name at the destination`,
    'rename one of each pair',
  ],
  destinationDuplicate: (count) => [
    `${plural(count, 'name')} at the destination stand${count === 1 ? 's' : ''} for several files, of which rclone knows one`,
  ],
  unreadable: (count) => [`${entries(count)} could not be read`],
  notSent: (count) => [`${plural(count, 'file')} could not be transferred`],
  notDeleted: (count) => [`${entries(count)} could not be deleted`],
  corrupted: (count) => [`${plural(count, 'file')} arrived damaged`],
  disallowedName: (count) => [
    `${plural(count, 'file')} left out: the provider does not allow the name`,
    'rename them or exclude them',
  ],
  unexportable: (count) => [`${plural(count, 'online document')} left out: there is no format to export to`],
  symlink: (count) => [
    `${plural(count, 'symbolic link')} left out`,
    `at the source, followSymlinks: true copies what ${count === 1 ? 'it points' : 'they point'} to`,
  ],
  special: (count) => [`${plural(count, 'special file')} left out, such as a socket, a pipe or a device`],
  sameFile: (count) => [`${plural(count, 'file')} not moved: source and destination are the same file`],
  notHashed: (count) => [`${plural(count, 'hash', 'hashes')} could not be checked`],
  comparedBySize: () => [
    'files were compared by size only: the two sides have neither modification times nor hashes in common',
    'an edit that keeps the size is not noticed',
  ],
  modificationTime: (count) => [`${plural(count, 'modification time')} could not be set`],
  flagIgnored: (count) => [`rclone ignored ${plural(count, 'flag')} that the remote does not support`],
  tokenNotSaved: () => [
    'the renewed token could not be saved, and the next run may be refused',
    'check that the state directory can be written to',
  ],
  other: (count) => [`rclone reported ${plural(count, 'problem')}`, 'the log of the run has the details'],
};

function entries(count: number): string {
  return count === 1 ? '1 file or folder' : `${count} files or folders`;
}
