import type { CutOff } from '../../model/cut-off.ts';

/** A run that wrote at the place of a listing, or around it. */
export interface Suspicion {
  readonly cutOff: CutOff;
  /** Whether its paths are those of the listing. */
  readonly named: boolean;
  /** Whether the listing can show all that the run wrote. */
  readonly covered: boolean;
}

/** A file as it is listed. */
export interface Dated {
  readonly path: string;
  /** RFC 3339. */
  readonly modified: string;
}

/**
 * Whether a run may have left the file cut off. rclone sets the time of a file when all of it is written: one that is
 * cut off has the time of its last byte, which is a time of the run. Whatever writes the file later takes it out.
 */
export function isSuspect({ cutOff, named }: Suspicion, { path, modified }: Dated): boolean {
  const at = Date.parse(modified);
  // A remote that knows no times tells none that is of use.
  if (!Number.isNaN(at) && (at < cutOff.from || at > (cutOff.until ?? Number.POSITIVE_INFINITY))) return false;
  const paths = named ? (cutOff.expected?.paths ?? null) : null;
  return paths === null || pathsOf(cutOff, paths).has(path.normalize('NFC'));
}

/** Lists of paths are long, and are asked for each file. */
const sets = new WeakMap<CutOff, ReadonlySet<string>>();

function pathsOf(cutOff: CutOff, paths: readonly string[]): ReadonlySet<string> {
  const found = sets.get(cutOff) ?? new Set(paths.map((path) => path.normalize('NFC')));
  sets.set(cutOff, found);
  return found;
}
