import type { CheckCounts, CheckedFile } from '../model/check.ts';
import { maxCheckedFiles, noCounts } from '../model/check.ts';
import type { ComparedLine } from './comparison.ts';
import { leftOut } from './left-out.ts';
import type { LogLine } from './log-line.ts';

/** What is known of a comparison so far; bounded, however many files there are. */
export interface Tally {
  readonly counts: CheckCounts;
  /** Of the equal files, those of which only the size could be compared. */
  readonly unhashed: number;
  /** The sides have no hash in common. */
  readonly sizesOnly: boolean;
  readonly files: readonly CheckedFile[];
  /** What is left out on purpose, as far as it is named, each with the reason. */
  readonly leftOut: readonly string[];
  /** Names of which one side has several where the other has one, as far as they are named. */
  readonly collisions: readonly Collision[];
  /** What else went wrong, such as a folder that cannot be listed. */
  readonly troubles: number;
}

export interface Collision {
  readonly side: 'source' | 'destination';
  readonly path: string;
}

export const emptyTally: Tally = {
  counts: noCounts,
  unhashed: 0,
  sizesOnly: false,
  files: [],
  leftOut: [],
  collisions: [],
  troubles: 0,
};

/** Adds a line of standard output. */
export function addCompared(tally: Tally, { found, path }: ComparedLine): Tally {
  if (found === 'equal') return counted(tally, 'equal');
  const name = found === 'error' ? 'errors' : found;
  return named(counted(tally, name), { found, path });
}

/** Each file that is not equal is an error to rclone, and on standard output already. */
const differences = /^(?:file not in |sizes differ|contents differ|hashes differ|\S+ differ)/i;
const duplicate = /^Duplicate (?:object|directory) found in (source|destination)/;
const misplaced = /^Entry doesn't belong in directory/;
const unhashed = /^(\d+) hashes could not be checked/;

const maxLeftOut = 5;

const leavings: readonly (readonly [RegExp, string])[] = [
  [/^Can't follow symlink without/, 'a symbolic link'],
  [/^Can't transfer non file\/directory/, 'a special file'],
  [/^Skipping undecryptable/, 'its name cannot be decrypted'],
];

/** Adds a line of standard error. */
export function addTrouble(tally: Tally, line: LogLine): Tally {
  if (line.kind !== 'message') return tally;
  if (leftOut(line) !== null) return { ...tally, troubles: tally.troubles + 1 };
  const { level, text, object: path } = line;
  const side = duplicate.exec(text)?.[1];
  if (side !== undefined && path !== null) return addCollision(tally, { side: side as Collision['side'], path });
  if (misplaced.test(text) && path !== null) {
    const detail = 'its name has an empty part or a dot as one, which no folder can hold';
    return named(counted(tally, 'passedOver'), { found: 'passedOver', path, detail });
  }
  if (text.startsWith('No common hash found')) return { ...tally, sizesOnly: true };
  const count = unhashed.exec(text)?.[1];
  if (count !== undefined) return { ...tally, unhashed: Number(count) };
  const detail = leavings.find(([pattern]) => pattern.test(text))?.[1];
  if (detail !== undefined && path !== null) return addLeftOut(tally, `${path} (${detail})`);
  if (level !== 'error' || path === null || differences.test(text)) return tally;
  return { ...tally, troubles: tally.troubles + 1 };
}

function addCollision(tally: Tally, collision: Collision): Tally {
  const { collisions } = tally;
  const more = counted(tally, 'passedOver');
  return collisions.length < maxCheckedFiles ? { ...more, collisions: [...collisions, collision] } : more;
}

function addLeftOut(tally: Tally, leftOut: string): Tally {
  const more = counted(tally, 'leftOut');
  return tally.leftOut.length < maxLeftOut ? { ...more, leftOut: [...tally.leftOut, leftOut] } : more;
}

function counted(tally: Tally, name: keyof CheckCounts): Tally {
  return { ...tally, counts: { ...tally.counts, [name]: tally.counts[name] + 1 } };
}

function named(tally: Tally, file: CheckedFile): Tally {
  return tally.files.length < maxCheckedFiles ? { ...tally, files: [...tally.files, file] } : tally;
}

/** The same, seen from the other side. */
export function swapSides({ counts, files, collisions, ...rest }: Tally): Tally {
  return {
    ...rest,
    counts: { ...counts, missing: counts.extra, extra: counts.missing },
    files: files.map((file) => ({ ...file, found: swapped[file.found] })),
    collisions: collisions.map(({ side, path }) => ({ side: side === 'source' ? 'destination' : 'source', path })),
  };
}

const swapped = {
  differing: 'differing',
  missing: 'extra',
  extra: 'missing',
  error: 'error',
  passedOver: 'passedOver',
} as const;
