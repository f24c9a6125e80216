import { isRecord, jsonIn } from '../model/json-text.ts';
import type { Trigger } from '../model/run.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What is known of a run before it does anything. Times are milliseconds since the epoch. */
export interface StartedRun {
  readonly runId: string;
  readonly task: string;
  readonly trigger: Trigger;
  readonly scheduledFor: number | null;
  /** Of `cloudsync/run-at`, where that asked for it. */
  readonly token: string | null;
  readonly startedAt: number;
  readonly bootId: string | null;
  readonly specHash: string;
}

export interface UnfinishedRun extends StartedRun {
  /** `null`: rclone was not started, or the crash came before that was noted. */
  readonly process: ProcessIdentity | null;
}

/** One line of the journal. */
export type JournalEntry =
  | ({ readonly type: 'starting' } & StartedRun)
  | { readonly type: 'spawned'; readonly runId: string; readonly process: ProcessIdentity }
  | { readonly type: 'finished'; readonly runId: string };

export interface ParsedJournal {
  /** In the order in which they started. */
  readonly unfinished: readonly UnfinishedRun[];
  /** Numbers of lines that are no entries, from 1. The last line may be torn by a crash and is not among them. */
  readonly badLines: readonly number[];
}

export function parseJournal(text: string): ParsedJournal {
  const open = new Map<string, UnfinishedRun>();
  const badLines: number[] = [];
  // What follows the last line break is empty, or a line that a crash cut off.
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const entry = parseEntry(line);
    if (entry === null) badLines.push(index + 1);
    else take(entry, open);
  }
  return { unfinished: [...open.values()], badLines };
}

function take(entry: JournalEntry, open: Map<string, UnfinishedRun>): void {
  if (entry.type === 'starting') {
    const { type: _, ...run } = entry;
    open.set(run.runId, { ...run, process: null });
  } else if (entry.type === 'finished') {
    open.delete(entry.runId);
  } else {
    const run = open.get(entry.runId);
    if (run !== undefined) open.set(entry.runId, { ...run, process: entry.process });
  }
}

function parseEntry(line: string): JournalEntry | null {
  const value = jsonIn(line);
  return isEntry(value) ? value : null;
}

function isEntry(value: unknown): value is JournalEntry {
  if (!isRecord(value)) return false;
  const { type, runId, task, startedAt, process } = value;
  if (typeof runId !== 'string') return false;
  if (type === 'starting') return typeof task === 'string' && typeof startedAt === 'number';
  if (type === 'spawned') return isRecord(process);
  return type === 'finished';
}
