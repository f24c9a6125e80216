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

export interface FoundCollisions {
  /** One of the files would be lost. */
  readonly refused: readonly Collision[];
  /** The destination may hold all of them; it is asked once they are sent. */
  readonly doubtful: readonly Collision[];
}

/** Files of the source, within the filters, that may be one file at the destination. */
export async function findCollisions(
  job: Job,
  sharedFolds: ReadonlySet<string>,
  features: RemoteFeatures,
  tools: TransferTools,
): Promise<FoundCollisions> {
  if (sharedFolds.size === 0) return { refused: [], doubtful: [] };
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
  return { refused: collisions.filter((each) => !isDoubtful(each)), doubtful: collisions.filter(isDoubtful) };
}

/** Of the files that collide, those that are not all at the destination now, each under its own name. */
export async function heldBack(
  job: Job,
  doubtful: readonly Collision[],
  tools: TransferTools,
): Promise<ReadonlySet<string>> {
  if (doubtful.length === 0) return new Set();
  const names = doubtful.flatMap((collision) => collision.names);
  const there = new Set<string>();
  await list(job, { place: job.transfer.destination, only: { names }, options: [] }, tools, (name) => there.add(name));
  return new Set(
    doubtful.filter((collision) => !collision.names.every((name) => there.has(name))).flatMap((each) => each.names),
  );
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
  const isLocal = destination.startsWith('/');
  if (isLocal ? await isFoldingDisk(destination) : features.foldsCase) return true;
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
