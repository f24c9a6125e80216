import { createHash } from 'node:crypto';
import type { Deletions, TaskMemory } from '../model/memory.ts';

/** So many paths are told apart, in some 300 KB; what goes beyond is counted, and may be counted twice. */
const maxDigests = 20_000;

/** What runs of this spec have deleted since the last one that came to its end; `null`: nothing is known of any. */
export function deletionsOf({ deletions }: TaskMemory, specHash: string): Deletions | null {
  return deletions?.specHash === specHash ? deletions : null;
}

export function noDeletions(specHash: string, destinationFiles: number): Deletions {
  return { specHash, destinationFiles, paths: [], others: 0, stoppedAtBound: false };
}

/** How many files these are, and those of `paths`; a file that is in both is one. */
export function deletionsWith(known: Deletions | null, paths: Iterable<string>): number {
  const before = new Set(known?.paths ?? []);
  let more = 0;
  for (const path of paths) if (!before.has(digestOf(path))) more += 1;
  return before.size + (known?.others ?? 0) + more;
}

/** Adds files that are deleted, or may be by a run that does not come to its end. */
export function addDeletions(known: Deletions, paths: Iterable<string>): Deletions {
  const digests = new Set(known.paths);
  let { others } = known;
  for (const path of paths) {
    const digest = digestOf(path);
    if (digests.has(digest)) continue;
    if (digests.size < maxDigests) digests.add(digest);
    else others += 1;
  }
  return { ...known, paths: [...digests], others };
}

/** Names of files are the user's own, and the state directory is no place for a list of them. */
function digestOf(path: string): string {
  return createHash('sha256').update(path).digest('base64url').slice(0, 12);
}
