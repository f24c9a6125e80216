import { listed } from '../../model/wording.ts';
import { listFiles } from '../../rclone/file-listing.ts';
import { flagArguments } from '../../rclone/flag.ts';
import { passingFlags } from '../../rclone/passing-flag.ts';
import type { Job } from '../job.ts';
import { foldName } from '../move/collisions.ts';
import type { TransferTools } from '../transfer.ts';

export interface Names {
  /** What rclone says that it has copied in this run. */
  readonly sent: ReadonlySet<string>;
  /** What the run is to delete. */
  readonly deletes: ReadonlySet<string>;
}

/**
 * Why nothing may be deleted after the copy; `null`: the destination lists each file under the name that it was sent
 * as. Where a server changes names, what is to be deleted may be what has just been sent. A listing that fails proves
 * nothing.
 */
export async function changedNames(
  { transfer, filters }: Job,
  { sent, deletes }: Names,
  { binary, rcloneEnvironment, signal, redact }: TransferTools,
): Promise<string | null> {
  const missing = new Map([...sent].map((name) => [name.normalize('NFC'), name]));
  const kept = new Set<string>();
  const only = filters === null ? null : { filters };
  const listing = { place: transfer.destination, only, options: flagArguments(passingFlags(transfer.flags)) };
  const { error } = await listFiles(binary, rcloneEnvironment, listing, signal, ({ path }) => {
    missing.delete(path.normalize('NFC'));
    // A file that rclone has matched without regard to case is not among those to delete.
    if (!deletes.has(path)) kept.add(foldName(path));
  });
  if (error !== null) return `nothing was deleted, as the destination could not be listed: ${redact(error)}`;
  const names = [...missing.values()].filter((name) => !kept.has(foldName(name)));
  if (names.length === 0) return null;
  return `the destination does not keep these names, so nothing was deleted; give the files other names at the source: ${listed(names, 10)}`;
}
