import { listed } from '../model/wording.ts';
import type { Job } from './job.ts';

/** How many files are named. */
const mostNames = 10;

/**
 * Where the last good version is of files that a run took away to replace them, and then could not. `waiting` were set
 * aside, `removed` arrived cut off and were removed by rclone. `null`: there are none.
 */
export function lostVersions(
  { transfer: { destination, backupDirectory } }: Pick<Job, 'transfer'>,
  waiting: readonly string[],
  removed: readonly string[],
): string | null {
  if (backupDirectory !== null && waiting.length > 0) {
    const folder = backupDirectory.slice(destination.length).replace(/^\//, '');
    const versions = waiting.length === 1 ? 'the last good version' : 'the last good versions';
    return `${versions} of ${listed(waiting, mostNames)} at the destination ${be(waiting)} in ${folder}, in its backup folder`;
  }
  if (removed.length === 0) return null;
  return `${listed(removed, mostNames)} ${be(removed)} no longer at the destination: the copy was cut off, and rclone removed it`;
}

function be(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are';
}
