import { statfs } from 'node:fs/promises';
import { listEntries } from '../../rclone/entries.ts';
import type { RemoteFeatures } from '../../rclone/features.ts';
import { type FileListing, listFiles } from '../../rclone/file-listing.ts';
import { flagArguments } from '../../rclone/flag.ts';
import { limitArguments } from '../../rclone/limit-arguments.ts';
import { passingFlags } from '../../rclone/passing-flag.ts';
import type { Job } from '../job.ts';
import type { TransferTools } from '../transfer.ts';
import { type Collision, collisionsAmong, foldName } from './collisions.ts';

/**
 * Files of the source, within the filters, that are known to be one file at the destination. Where nothing is known of
 * it, they are sent, and its listing shows what has become of them.
 */
export async function findCollisions(
  job: Job,
  sharedFolds: ReadonlySet<string>,
  features: RemoteFeatures,
  tools: TransferTools,
): Promise<readonly Collision[]> {
  if (sharedFolds.size === 0) return [];
  const { source, followSymlinks, flags, limits } = job.transfer;
  const names: string[] = [];
  const only = job.filters === null ? null : { filters: job.filters };
  const options = [...(followSymlinks ? ['--copy-links'] : []), ...limitArguments(limits)];
  await list(job, { place: source, only, options }, tools, (name) => {
    if (sharedFolds.has(foldName(name))) names.push(name);
  });
  const collisions = collisionsAmong(names);
  const foldsCase =
    collisions.some(({ kind }) => kind === 'case') && (await destinationFoldsCase(job, features, tools));
  const isDoubtful = ({ kind }: Collision) =>
    (kind === 'case' && !foldsCase) || (kind === 'unicode' && flags['no-unicode-normalization'] === true);
  return collisions.filter((each) => !isDoubtful(each));
}

/** A listing that fails shows less, and what it does not show is left alone. */
async function list(
  { transfer }: Job,
  { place, only, options }: FileListing,
  { binary, rcloneEnvironment, signal }: TransferTools,
  onName: (name: string) => void,
): Promise<void> {
  const listing = { place, only, options: [...flagArguments(passingFlags(transfer.flags)), ...options] };
  await listFiles(binary, rcloneEnvironment, listing, signal, ({ path }) => onName(path));
}

/** What rclone knows of the provider, what Linux knows of the disk, and otherwise what becomes of a name there already. */
async function destinationFoldsCase(job: Job, features: RemoteFeatures, tools: TransferTools): Promise<boolean> {
  const { destination } = job.transfer;
  if (await isKnownToFoldCase(destination, features)) return true;
  const entries = await listEntries(tools.binary, tools.rcloneEnvironment, destination);
  if (!entries.ok) return false;
  const names = new Set(entries.value.map(({ name }) => name));
  const probe = entries.value.find(({ name, directory }) => !directory && !names.has(swapCase(name)));
  if (probe === undefined) return false;
  let found = false;
  const only = { names: [swapCase(probe.name)] };
  await list(job, { place: destination, only, options: ['--no-traverse'] }, tools, () => {
    found = true;
  });
  return found;
}

/** By what rclone knows of the provider, and Linux of the disk. */
export async function isKnownToFoldCase(destination: string, { foldsCase }: RemoteFeatures): Promise<boolean> {
  return destination.startsWith('/') ? isFoldingDisk(destination) : foldsCase;
}

/** Linux's numbers for vfat and exFAT. */
const foldingDisks: readonly number[] = [0x4d44, 0x2011bab0];

async function isFoldingDisk(path: string): Promise<boolean> {
  const disk = await statfs(path).catch(() => null);
  return disk !== null && foldingDisks.includes(disk.type);
}

function swapCase(name: string): string {
  return [...name]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
}
