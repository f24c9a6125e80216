import type { CheckedFile, EqualBy } from '../../model/check.ts';
import { maxCheckedFiles } from '../../model/check.ts';
import type { ResolvedTask } from '../../model/desired.ts';
import { ok, type Result } from '../../model/result.ts';
import type { FileListing } from '../../rclone/file-listing.ts';
import type { Compared } from '../compare.ts';
import type { FarSide } from '../far-side.ts';
import type { LookFailure } from '../guard/verdict.ts';
import type { RunTools } from '../run-order.ts';
import { findSuspects, type SuspectFile, suspicionsAt } from './find.ts';

type DoubtTools = Pick<RunTools, 'cutOffs' | 'environment' | 'signal'>;

/** Files of one side of a task that a run may have left cut off there. */
export async function suspectsOf(
  task: ResolvedTask,
  side: 'here' | 'far',
  listing: FileListing,
  { binary, environment, redact }: Pick<FarSide, 'binary' | 'environment' | 'redact'>,
  tools: DoubtTools,
): Promise<Result<readonly SuspectFile[], LookFailure>> {
  const suspicions = await suspicionsAt(side, task, tools);
  if (!suspicions.ok) return { ok: false, error: { message: suspicions.error, retryable: false } };
  if (suspicions.value.length === 0) return ok([]);
  return findSuspects(suspicions.value, listing, { binary: binary.path, environment, redact, signal: tools.signal });
}

/** Files that were found equal although a run may have left them cut off, by the side on which it wrote. */
export interface Doubted {
  readonly source: ReadonlySet<string>;
  readonly destination: ReadonlySet<string>;
}

/**
 * A source that is cut off is equal to nothing that anybody wants. A destination is whole where its content was compared,
 * and not where only the size was.
 */
export function withDoubted(compared: Compared, { source, destination }: Doubted): Compared {
  const bySize = compared.equalBy.size > 0 ? [...destination].filter((path) => !source.has(path)) : [];
  const paths = [...source, ...bySize];
  if (paths.length === 0) return compared;
  const { tally } = compared;
  const counts = {
    ...tally.counts,
    equal: tally.counts.equal - paths.length,
    differing: tally.counts.differing + paths.length,
  };
  const named = paths.map((path): CheckedFile => {
    const detail = `it may be cut off at the ${source.has(path) ? 'source' : 'destination'}, as a run that wrote it did not come to its end`;
    return { found: 'differing', path, detail };
  });
  const files = [...named, ...tally.files].slice(0, maxCheckedFiles);
  return { ...compared, tally: { ...tally, counts, files }, equalBy: without(compared.equalBy, paths.length) };
}

/** The weakest first. */
function without({ content, hash, size }: EqualBy, count: number): EqualBy {
  const ofSize = Math.min(size, count);
  const ofHash = Math.min(hash, count - ofSize);
  return { size: size - ofSize, hash: hash - ofHash, content: content - (count - ofSize - ofHash) };
}
