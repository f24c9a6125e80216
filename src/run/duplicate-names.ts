import { posix } from 'node:path';
import { listEntries } from '../rclone/entries.ts';
import type { Evidence, Remark } from '../rclone/evidence.ts';
import { fold, written } from './collision.ts';
import type { Job } from './job.ts';
import { within } from './local-side.ts';
import type { TransferTools } from './transfer.ts';

/**
 * rclone names one of the files whose names are one at the destination, and which of them it has taken depends on its
 * version: the folder is listed to name them all.
 */
export async function withDuplicateNames(
  evidence: Evidence,
  { transfer: { source, destination } }: Job,
  tools: Pick<TransferTools, 'binary' | 'rcloneEnvironment' | 'signal'>,
): Promise<Evidence> {
  const { sourceDuplicate, destinationDuplicate } = evidence.remarks;
  if (tools.signal.aborted || (sourceDuplicate === undefined && destinationDuplicate === undefined)) return evidence;
  const remarks = { ...evidence.remarks };
  if (sourceDuplicate !== undefined) remarks.sourceDuplicate = await named(sourceDuplicate, source, tools);
  if (destinationDuplicate !== undefined) {
    remarks.destinationDuplicate = await named(destinationDuplicate, destination, tools);
  }
  return { ...evidence, remarks };
}

async function named(
  { count, names }: Remark,
  place: string,
  { binary, rcloneEnvironment }: Pick<TransferTools, 'binary' | 'rcloneEnvironment'>,
): Promise<Remark> {
  const folders = new Map<string, readonly string[]>();
  const complete: string[] = [];
  for (const path of names) {
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    if (!folders.has(folder)) {
      const listed = await listEntries(binary, rcloneEnvironment, within(place, folder));
      folders.set(folder, listed.ok ? listed.value.map(({ name }) => name) : []);
    }
    const own = posix.basename(path);
    const others = (folders.get(folder) ?? []).filter((name) => name !== own && fold(name) === fold(own));
    const all = [posix.join(folder, written(own)), ...others.map(written)].join(' and ');
    if (!complete.includes(all)) complete.push(all);
  }
  return { count, names: complete };
}
