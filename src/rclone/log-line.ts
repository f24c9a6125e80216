import type { LogLevel } from '../model/event.ts';
import { isRecord, jsonIn } from '../model/json-text.ts';
import { type FileChange, noStats, type Progress, type RunStats } from '../model/run.ts';
import { actionOfMessage, actionOfSkipped, type ChangeStep, stepOfMessage } from './change.ts';
import { maskCredentials } from './mask.ts';

/** One line of rclone's standard error. */
export type LogLine =
  | { readonly kind: 'stats'; readonly stats: RcloneStats }
  | { readonly kind: 'change'; readonly change: FileChange; readonly step: ChangeStep | null }
  /** On a dry run: what would have been done, and to what; `null`: it changes no more than times or metadata. */
  | { readonly kind: 'skipped'; readonly change: FileChange | null; readonly path: string }
  | LogMessage;

export interface LogMessage {
  readonly kind: 'message';
  readonly level: LogLevel;
  /** Without credentials. May hold line breaks. */
  readonly text: string;
  /** The file or remote that it is about. */
  readonly object: string | null;
  /** `object` is rclone's description of a remote, and no path. */
  readonly wholeRemote: boolean;
}

export interface RcloneStats extends Progress {
  readonly renames: number;
  readonly fatalError: boolean;
  readonly retryError: boolean;
  /** Without credentials. */
  readonly lastError: string | null;
}

/** Reads a line of `--use-json-log`, or of the plain text that is mixed in with it. Never throws. */
export function parseLogLine(line: string): LogLine {
  const record = parseRecord(line);
  if (record === null) return plainLine(line);
  if (isRecord(record.stats)) return { kind: 'stats', stats: parseStats(record.stats) };

  const text = typeof record.msg === 'string' ? record.msg.trim() : '';
  if (typeof record.skipped === 'string') return skippedLine(record.skipped, record);
  const level = levelOf(record.level);
  const action = level === 'info' && 'object' in record ? actionOfMessage(text) : null;
  if (action !== null) return { kind: 'change', change: changeOf(action, record), step: stepOfMessage(text) };
  return {
    kind: 'message',
    level,
    text: cleanText(text),
    object: objectOf(record),
    wholeRemote: isWholeRemote(record),
  };
}

function skippedLine(skipped: string, record: JsonRecord): LogLine {
  const action = actionOfSkipped(skipped);
  return { kind: 'skipped', change: action === null ? null : changeOf(action, record), path: pathOf(record) };
}

export function toProgress(stats: RcloneStats): Progress {
  const { bytes, totalBytes, transfers, totalTransfers, checks, deletes, errors, speed, etaSeconds } = stats;
  return { bytes, totalBytes, transfers, totalTransfers, checks, deletes, errors, speed, etaSeconds };
}

/** What rclone counts rightly; transfers and deletions are counted by `Happened`. */
export function toRunStats(stats: RcloneStats | null, counts: Pick<RunStats, 'transfers' | 'deletes'>): RunStats {
  const { bytes, checks, errors } = stats ?? noStats;
  return { bytes, transfers: counts.transfers, checks, deletes: counts.deletes, errors };
}

interface JsonRecord {
  readonly level?: unknown;
  readonly msg?: unknown;
  readonly object?: unknown;
  readonly objectType?: unknown;
  readonly size?: unknown;
  readonly skipped?: unknown;
  readonly stats?: unknown;
}

type JsonStats = { readonly [name in keyof RcloneStats | 'eta']?: unknown };

function parseRecord(line: string): JsonRecord | null {
  if (!line.startsWith('{')) return null;
  const value = jsonIn(line);
  return isRecord(value) ? value : null;
}

function parseStats(stats: JsonStats): RcloneStats {
  return {
    bytes: numberOf(stats.bytes),
    totalBytes: numberOf(stats.totalBytes),
    transfers: numberOf(stats.transfers),
    totalTransfers: numberOf(stats.totalTransfers),
    checks: numberOf(stats.checks),
    deletes: numberOf(stats.deletes),
    renames: numberOf(stats.renames),
    errors: numberOf(stats.errors),
    speed: numberOf(stats.speed),
    etaSeconds: typeof stats.eta === 'number' ? stats.eta : null,
    fatalError: stats.fatalError === true,
    retryError: stats.retryError === true,
    lastError: typeof stats.lastError === 'string' ? cleanText(stats.lastError) : null,
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function changeOf(action: FileChange['action'], record: JsonRecord): FileChange {
  const size = record.size;
  const path = pathOf(record);
  // -1 stands for a size that the remote does not tell.
  return typeof size === 'number' && size >= 0 ? { action, path, size } : { action, path };
}

function pathOf(record: JsonRecord): string {
  return typeof record.object === 'string' && !isWholeRemote(record) ? record.object : '.';
}

/** Messages about the root of a sync name the remote and not a path. */
function isWholeRemote(record: JsonRecord): boolean {
  return typeof record.objectType === 'string' && record.objectType.endsWith('.Fs');
}

function objectOf(record: JsonRecord): string | null {
  if (typeof record.object !== 'string') return null;
  return isWholeRemote(record) ? cleanText(record.object) : record.object;
}

/** Takes out the hash that 1.60 adds to the name of a remote from the environment, as in `remote{P0RT3}:photos`. */
function cleanText(text: string): string {
  return maskCredentials(text.replace(/\b([a-z][a-z0-9_]*)\{[\w-]{5}\}(?=:)/g, '$1'));
}

function plainLine(line: string): LogLine {
  const dated = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:([A-Z]+) *: ?)?/.exec(line);
  const text = cleanText(line.slice(dated?.[0].length ?? 0).trim());
  return { kind: 'message', level: plainLevel(text, dated), text, object: null, wholeRemote: false };
}

/** What rclone prints last before it gives up has a date and no level. */
function plainLevel(text: string, dated: RegExpExecArray | null): LogLevel {
  if (dated?.[1] !== undefined) return levelOf(dated[1].toLowerCase());
  return dated !== null || /^(?:Error|Fatal error|fatal error|panic):/.test(text) ? 'error' : 'notice';
}

/** rclone knows no warnings of its own: 1.60 writes its NOTICE as `warning`, later versions as `notice`. */
function levelOf(level: unknown): LogLevel {
  switch (level) {
    case 'debug':
    case 'info':
      return level;
    case 'error':
    case 'critical':
    case 'alert':
    case 'emergency':
    case 'fatal':
    case 'panic':
      return 'error';
    default:
      return 'notice';
  }
}
