import { isSuccess, type Outcome } from '../../../src/model/run.ts';
import type { Files } from './side.ts';

export interface Observed {
  readonly source: Files;
  readonly destination: Files;
}

export interface Evidence {
  readonly before: Observed;
  readonly after: Observed;
  readonly outcome: Outcome;
  /** What the dry run just before said that it would change at the destination, by path. */
  readonly listed: ReadonlySet<string>;
  /** Paths at the source that somebody else changed or removed during the run. */
  readonly touched: ReadonlySet<string>;
  /** What somebody wrote to the source during the run: a digest by path. It is nowhere else. */
  readonly written: ReadonlyMap<string, string>;
  /** How many deletions the run itself counted before the first. */
  readonly rehearsedDeletes: number;
  /** Whether a file of the source is one that the task is about. */
  readonly isWithin: (path: string) => boolean;
  /** Where the task keeps what it replaces or deletes; `null`: nowhere. */
  readonly backupFolder: string | null;
}

/** What is wrong with a run; each is a sentence for a person. */
export interface Verdict {
  /** Content that was there before and is nowhere now, which no preview had listed. */
  readonly lost: readonly string[];
  /** `Succeeded`, and the destination does not hold the source. */
  readonly falseSuccess: readonly string[];
  /** A path of the destination that is gone, which no preview had listed. */
  readonly unlisted: readonly string[];
}

export function judge(evidence: Evidence): Verdict {
  return { lost: lostIn(evidence), falseSuccess: missingIn(evidence), unlisted: unlistedIn(evidence) };
}

function lostIn(evidence: Evidence): readonly string[] {
  const { before, after, listed, touched, written } = evidence;
  const excused = excusedIn(evidence);
  const kept = new Set([...after.source.values(), ...after.destination.values()]);
  const unannounced = [
    ...[...before.source].filter(([path]) => !touched.has(path)).map((file) => ['source', ...file] as const),
    ...[...written].map((file) => ['source', ...file] as const),
    ...[...before.destination]
      // Replaced by what somebody put in its place at the source meanwhile.
      .filter(([path]) => !listed.has(path) && !excused.has(path))
      .filter(([path]) => !(touched.has(path) && after.destination.has(path)))
      .map((file) => ['destination', ...file] as const),
  ];
  // What somebody was going to remove or replace at one side only counts as lost where the other side was not.
  return unannounced.filter(([, , content]) => !kept.has(content)).map(([side, path]) => `${path} of the ${side}`);
}

function missingIn({ before, after, outcome, touched, isWithin }: Evidence): readonly string[] {
  if (!isSuccess(outcome) || outcome === 'SucceededWithWarnings') return [];
  return [...before.source]
    .filter(([path]) => isWithin(path) && !touched.has(path))
    .filter(([path, content]) => after.destination.get(path) !== content)
    .map(([path]) => `${path} is ${after.destination.has(path) ? 'another' : 'missing'} at the destination`);
}

/**
 * What somebody removed from the source after the preview, and before the run made its own: the run has seen and counted
 * it. Where more is gone than it counted, nothing is excused.
 */
function excusedIn({ before, after, touched, rehearsedDeletes }: Evidence): ReadonlySet<string> {
  const gone = [...before.destination.keys()].filter((path) => !after.destination.has(path));
  if (gone.length > rehearsedDeletes) return new Set();
  return new Set(gone.filter((path) => touched.has(path) && !after.source.has(path)));
}

function unlistedIn(evidence: Evidence): readonly string[] {
  const { before, after, listed, backupFolder } = evidence;
  const excused = excusedIn(evidence);
  const isBackup = (path: string) => backupFolder !== null && path.startsWith(`${backupFolder}/`);
  return [...before.destination.keys()].filter(
    (path) => !after.destination.has(path) && !listed.has(path) && !isBackup(path) && !excused.has(path),
  );
}
