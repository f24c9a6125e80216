import { listFiles } from '../../rclone/file-listing.ts';
import { flagArguments } from '../../rclone/flag.ts';
import { passingFlags } from '../../rclone/passing-flag.ts';
import type { Job } from '../job.ts';
import type { TransferTools } from '../transfer.ts';
import { foldName } from './collisions.ts';
import { createPrints } from './prints.ts';

/**
 * What the destination lists after the copy. A server that changes names (it drops a trailing dot, cuts long names,
 * replaces characters that it refuses) finds a file under either name when it is asked for one; only the listing of a
 * directory shows under which name it keeps the file.
 */
export interface Arrivals {
  /** Whether the name is listed. */
  lists(name: string): boolean;
  /** Notes a proven file that is not listed: the destination may have written it over another one of its size. */
  miss(name: string, size: number): void;
  /** Whether the file is at the destination. To be asked once everything that is missing is noted. */
  holds(name: string, size: number): boolean;
  /** Proven files that are not listed under their name and with their size. */
  readonly absent: readonly string[];
  /** Files that are listed, and have the size of one that is not. */
  readonly alike: readonly string[];
}

/** `text` is what the destination keeps of a name at least. */
export function createArrivals(text: (name: string) => string) {
  const listed = createPrints();
  const missingSizes = new Set<number>();
  const absent: string[] = [];
  const alike: string[] = [];
  const withSize = (name: string, size: number) => `${text(name)}\0${size}`;
  const lists = (name: string) => listed.has(text(name));
  return {
    ...{ lists, absent, alike },
    /** Adds a file of the listing. */
    add(name: string, size: number): void {
      listed.add(text(name), '');
      listed.add(withSize(name, size), '');
    },
    miss(name: string, size: number): void {
      absent.push(name);
      // All empty files are the same.
      if (size !== 0) missingSizes.add(size);
    },
    holds(name: string, size: number): boolean {
      if (!lists(name)) return false;
      const hasSize = size < 0 || listed.has(withSize(name, size)) || listed.has(withSize(name, -1));
      if (!hasSize) {
        absent.push(name);
        return false;
      }
      if (!missingSizes.has(size) && !(missingSizes.has(-1) || (size < 0 && missingSizes.size > 0))) return true;
      alike.push(name);
      return false;
    },
  };
}

export interface FoundArrivals {
  readonly arrivals: Arrivals;
  /** Why the listing may lack files; one sentence. */
  readonly error: string | null;
}

/** For a run that has proven nothing. */
export function noArrivals(): FoundArrivals {
  return { arrivals: createArrivals((name) => name), error: null };
}

/** Lists the destination within the filters of the task. What a failed listing does not show is not there. */
export async function findArrivals(
  { transfer, filters }: Job,
  foldsCase: boolean,
  { binary, rcloneEnvironment, signal, redact }: TransferTools,
): Promise<FoundArrivals> {
  const { destination: place, flags } = transfer;
  const composes = flags['no-unicode-normalization'] !== true;
  const arrivals = createArrivals(foldsCase ? foldName : (name) => (composes ? name.normalize('NFC') : name));
  const only = filters === null ? null : { filters };
  const listing = { place, only, options: flagArguments(passingFlags(flags)) };
  const { error } = await listFiles(binary, rcloneEnvironment, listing, signal, ({ path, size }) => {
    arrivals.add(path, size);
  });
  return { arrivals, error: error === null ? null : redact(error) };
}
