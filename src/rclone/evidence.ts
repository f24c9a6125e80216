import { maxWarningNames, type WarningReason } from '../model/warning.ts';
import { leftOut } from './left-out.ts';
import type { LogLine, LogMessage, RcloneStats } from './log-line.ts';
import { readableError } from './readable-error.ts';
import { isAboutFile, isAside, isFinalWord, warningReason } from './warning-reason.ts';

/** What is kept of a run's log to judge its end by; bounded, however long the log is. */
export interface Evidence {
  readonly stats: RcloneStats | null;
  /** The first few files that failed, each with its reason; credentials are masked. */
  readonly failures: readonly Failure[];
  /** Why a side as a whole could not be listed or opened: every other error follows from it. */
  readonly root: string | null;
  /** The reason with which rclone gave up, or would not start. */
  readonly fatal: string | null;
  /** rclone's own words for all of these, to recognise causes in. */
  readonly words: readonly string[];
  /** What was left out or went wrong, by its kind. */
  readonly remarks: Readonly<Partial<Record<WarningReason, Remark>>>;
  /** How many entries rclone left out of its listings though they may be there; it takes no notice of them itself. */
  readonly leftOut: number;
  /** Files whose cut or broken copy rclone removed from the destination again. */
  readonly removed: readonly string[];
}

export interface Failure {
  readonly path: string;
  readonly reason: string;
}

export function failureText({ path, reason }: Failure): string {
  return `${path}: ${reason}`;
}

export interface Remark {
  readonly count: number;
  /** The first of them, each once. */
  readonly names: readonly string[];
}

export const emptyEvidence: Evidence = {
  stats: null,
  failures: [],
  root: null,
  fatal: null,
  words: [],
  remarks: {},
  leftOut: 0,
  removed: [],
};

const maxWords = 20;
const maxWordLength = 2000;
const maxNameLength = 200;
/** In a sentence: a link that leads back to its own folder has forty levels in rclone's messages. */
const maxPathLength = 60;

/** rclone says these once in a process, and so not again in a further attempt. */
const saidOnce: readonly WarningReason[] = ['comparedBySize', 'flagIgnored'];

/** Adds one line; the order of lines matters. */
export function addEvidence(evidence: Evidence, line: LogLine): Evidence {
  if (line.kind === 'stats') return { ...evidence, stats: line.stats };
  if (line.kind !== 'message') return evidence;
  const entry = leftOut(line);
  if (entry !== null) return addLeftOut(evidence, { ...line, object: entry, wholeRemote: false });
  if (isFailedAttempt(line)) return nextAttempt(evidence);
  if (secondLine.test(line.text) && evidence.fatal !== null) return withSecondLine(evidence, line);
  const noted = addRemark(addRemoved(evidence, line), line);
  return line.level === 'error' || isFinalWord(line) ? addError(noted, line) : noted;
}

/** 1.60 prints its last word as plain text, and its S3 library puts the status and the cause on lines of their own. */
const secondLine = /^(?:status code: \d+, request id: |caused by: )/;

function withSecondLine(evidence: Evidence, { text }: LogMessage): Evidence {
  const whole = `${evidence.words.at(-1) ?? ''} ${text}`.slice(0, maxWordLength);
  return { ...evidence, words: [...evidence.words.slice(0, -1), whole], fatal: readableError(whole) };
}

/** Another attempt follows, and only what happens in the last one counts. */
function isFailedAttempt({ text, object }: LogMessage): boolean {
  const attempt = /^Attempt (\d+)\/(\d+) failed/.exec(text);
  return object === null && attempt !== null && attempt[1] !== attempt[2];
}

function nextAttempt({ stats, remarks }: Evidence): Evidence {
  const kept = saidOnce.flatMap((reason) =>
    remarks[reason] === undefined ? [] : [[reason, remarks[reason]] as const],
  );
  return { ...emptyEvidence, stats, remarks: Object.fromEntries(kept) };
}

function addLeftOut(evidence: Evidence, line: LogMessage): Evidence {
  return addError(addRemark({ ...evidence, leftOut: evidence.leftOut + 1 }, line), line);
}

function addRemark(evidence: Evidence, line: LogMessage): Evidence {
  const reason = warningReason(line);
  if (reason === null) return evidence;
  const { count, names } = evidence.remarks[reason] ?? { count: 0, names: [] };
  const remark = { count: count + 1, names: isAboutFile(line) ? withName(names, line.object ?? '') : names };
  return { ...evidence, remarks: { ...evidence.remarks, [reason]: remark } };
}

function addRemoved(evidence: Evidence, line: LogMessage): Evidence {
  const { text, object } = line;
  if (!isAboutFile(line) || !text.startsWith('Removing failed copy')) return evidence;
  // Later versions write beside the file and lose nothing.
  if (object === null || /\.partial$/.test(object)) return evidence;
  return { ...evidence, removed: withName(evidence.removed, object) };
}

function withName(names: readonly string[], name: string): readonly string[] {
  if (names.length >= maxWarningNames) return names;
  const short = shortName(withoutPartial(name));
  return names.includes(short) ? names : [...names, short];
}

function addError(evidence: Evidence, line: LogMessage): Evidence {
  if (isAside(line)) return evidence;
  const { text, object } = line;
  const words = [...evidence.words, text.slice(0, maxWordLength)].slice(-maxWords);
  const reason = readableError(text.slice(0, maxWordLength));
  if (!isAboutFile(line)) {
    const root = evidence.root ?? (/^error (?:reading (?:source|destination) root|listing)/.test(text) ? reason : null);
    return { ...evidence, words, root, fatal: reason };
  }
  if (evidence.failures.length >= maxWarningNames) return { ...evidence, words };
  const path = shortName(withoutPartial(object ?? ''), maxPathLength);
  const known = evidence.failures.some((failure) => failure.path === path && failure.reason === reason);
  return { ...evidence, words, failures: known ? evidence.failures : [...evidence.failures, { path, reason }] };
}

/** rclone writes a file under this name until it is whole. */
function withoutPartial(path: string): string {
  return path.replace(/\.[0-9a-z]{6,10}\.partial$/, '');
}

function shortName(object: string, most = maxNameLength): string {
  return object.length <= most ? object : `${object.slice(0, most)}…`;
}
