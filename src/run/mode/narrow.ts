import type { Job } from '../job.ts';
import type { Rehearsal } from '../rehearsal.ts';

/** With more names than this, listing both sides again costs little beside what is to be done. */
const mostNames = 20_000;
/** With these, a file at one side may belong to one of another name at the other. */
const matchOtherwise = ['track-renames', 'ignore-case-sync'];

/** The same work in two steps, each of which can do no more than its names say. */
export interface Steps {
  /** A copy, which deletes nothing; `null`: there is nothing to write. */
  readonly write: Job | null;
  /** A sync of the files that are to be deleted; `null`: there are none. */
  readonly remove: Job | null;
}

/**
 * The job held to the files that the rehearsal named: nothing else at either side is listed, written or deleted, so a
 * source that loses files in between loses no others at its destination. `null`: that cannot be said by names.
 */
export function narrowed(job: Job, rehearsal: Rehearsal): Steps | null {
  const { flags } = job.transfer;
  const written = [...new Set([...rehearsal.copies, ...rehearsal.others])];
  const names = [...written, ...rehearsal.deletes];
  if (names.length === 0 || names.length > mostNames) return null;
  if (matchOtherwise.some((flag) => flags[flag] !== undefined && flags[flag] !== false)) return null;
  if (!names.every(isListable)) return null;
  const folders = foldersAbove(names);
  // A file in the way of a folder, or the reverse, takes the whole of both listings to be seen.
  if (names.some((name) => folders.has(name))) return null;
  if (![...rehearsal.places].every((place) => place === '.' || folders.has(place.replace(/\/$/, '')))) return null;
  return { write: heldTo(written, 'copy', job), remove: heldTo([...rehearsal.deletes], 'sync', job) };
}

function heldTo(names: readonly string[], operation: 'copy' | 'sync', job: Job): Job | null {
  if (names.length === 0) return null;
  return {
    ...job,
    filters: [...new Set(names.flatMap(formsOf))].map((name) => `${name}\n`).join(''),
    transfer: { ...job.transfer, operation, namesOnly: true, fastList: false },
  };
}

/** One line a name, in one of the forms that `formsOf` gives. */
function isListable(name: string): boolean {
  if (/[\p{Cc}\u2028\u2029\u201b\ufffd]/u.test(name)) return false;
  // A key of a bucket that is no path is another name in a list of files.
  if (/(?:^|\/)\.{0,2}(?:\/|$)/.test(name)) return false;
  return formsOf(name).slice(1).includes(name);
}

/** rclone matches names across the forms of Unicode, and a list does not: the other side may have the other form. */
function formsOf(name: string): readonly string[] {
  return [name, name.normalize('NFC'), name.normalize('NFD')];
}

function foldersAbove(names: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const name of names) {
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
      const folder = name.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
