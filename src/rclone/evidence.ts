import type { LogLine, RcloneStats } from './log-line.ts';
import { readableError } from './readable-error.ts';

/** What is kept of a run's log to judge its end by; bounded, however long the log is. */
export interface Evidence {
  readonly stats: RcloneStats | null;
  /** The first few files that failed, each with its reason; credentials are masked. */
  readonly failures: readonly string[];
  /** The reason with which rclone gave up, or would not start. */
  readonly fatal: string | null;
  /** rclone's own words for all of these, to recognise causes in. */
  readonly words: readonly string[];
  /** Files that were left out although nobody asked for that. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
}

export type LeftOut = 'symlink' | 'special' | 'undecryptable' | 'duplicate';

export const emptyEvidence: Evidence = { stats: null, failures: [], fatal: null, words: [], leftOut: {} };

const maxFailures = 5;
const maxWords = 20;
const maxNameLength = 60;

const leaving: readonly (readonly [RegExp, LeftOut])[] = [
  [/^Can't follow symlink without/, 'symlink'],
  [/^Can't transfer non file\/directory/, 'special'],
  [/^Skipping undecryptable/, 'undecryptable'],
  [/^Duplicate (?:object|directory) found in/, 'duplicate'],
];

/** Of level `error`, and still no failure of their own: what rclone is going to do next, or habit. */
const asides =
  /^(?:Attempt \d|Can't retry|Fatal error received|not deleting|Cancelling sync|Ignoring --|Using --|There was nothing)/;

/** Adds one line; the order of lines matters. */
export function addEvidence(evidence: Evidence, line: LogLine): Evidence {
  if (line.kind === 'stats') return { ...evidence, stats: line.stats };
  if (line.kind !== 'message') return evidence;
  if (isFailedAttempt(line.text)) return { ...emptyEvidence, stats: evidence.stats };
  if (line.level === 'error') return addError(evidence, line);
  const reason = leaving.find(([pattern]) => pattern.test(line.text))?.[1];
  if (reason === undefined) return evidence;
  return { ...evidence, leftOut: { ...evidence.leftOut, [reason]: (evidence.leftOut[reason] ?? 0) + 1 } };
}

/** Another attempt follows, and only what happens in the last one counts. */
function isFailedAttempt(text: string): boolean {
  const attempt = /^Attempt (\d+)\/(\d+) failed/.exec(text);
  return attempt !== null && attempt[1] !== attempt[2];
}

function addError(evidence: Evidence, { text, object }: { text: string; object: string | null }): Evidence {
  if (asides.test(text)) return evidence;
  const words = [...evidence.words, text].slice(-maxWords);
  const reason = readableError(text);
  // An empty one stands for the remote as a whole.
  if (object === null || object === '') return { ...evidence, words, fatal: reason };
  const failures = [...new Set([...evidence.failures, `${shortName(object)}: ${reason}`])].slice(0, maxFailures);
  return { ...evidence, words, failures };
}

/** Of a link that leads back to its own folder, rclone tells forty levels. */
function shortName(object: string): string {
  const plain = object.replace(/^Local file system at /, '');
  return plain.length <= maxNameLength ? plain : `${plain.slice(0, maxNameLength)}…`;
}
