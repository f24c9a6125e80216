import type { ActiveTask } from '../model/active.ts';
import { isRecord, jsonIn } from '../model/json-text.ts';
import { specHash } from '../model/spec-hash.ts';

/** What a log of changes of the active set comes to. */
export interface ParsedActiveLog {
  /** By name, in the order of their last changes. */
  readonly tasks: ReadonlyMap<string, ActiveTask>;
  /** Lines, with those that later ones have made void. */
  readonly entries: number;
  /** Lines that are no entries, in order. The last line may be torn by a crash and is not among them. */
  readonly faults: readonly Fault[];
  /** Whether it ends where a line ends, so that another one can follow. */
  readonly isWhole: boolean;
}

interface Fault {
  /** From 1. */
  readonly line: number;
  readonly detail: string;
}

export const emptyActiveLog: ParsedActiveLog = { tasks: new Map(), entries: 0, faults: [], isWhole: true };

/** One line of the log. */
type ActiveEntry =
  | { readonly type: 'set'; readonly task: ActiveTask }
  | { readonly type: 'remove'; readonly name: string };

export function activeLine(entry: ActiveEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/**
 * Reads the log. Of a task whose last line cannot be used nothing is known: what it was before that line is not what
 * anybody wants now.
 */
export function parseActiveLog(content: Buffer): ParsedActiveLog {
  const last = new Map<string, { readonly line: number; readonly task: ActiveTask }>();
  const faults: Fault[] = [];
  let line = 0;
  let start = 0;
  // Line by line: the text of thousands of tasks at once, and its lines, would take twice the memory.
  for (let end = content.indexOf(lineBreak); end >= 0; end = content.indexOf(lineBreak, start)) {
    line += 1;
    const entry = parseEntry(content.toString('utf8', start, end));
    start = end + 1;
    if (entry.name !== null) last.delete(entry.name);
    if (entry.detail !== null) faults.push({ line, detail: entry.detail });
    if (entry.task !== null) last.set(entry.task.name, { line, task: entry.task });
  }
  const tasks = new Map<string, ActiveTask>();
  for (const [name, { line: at, task }] of last) {
    if (isGenuine(task)) tasks.set(name, task);
    else faults.push({ line: at, detail: 'the spec does not match its hash' });
  }
  faults.sort((left, right) => left.line - right.line);
  return { tasks, entries: line, faults, isWhole: start === content.length };
}

const lineBreak = 0x0a;

interface ParsedEntry {
  /** The task that it is about, where that can be told. */
  readonly name: string | null;
  readonly task: ActiveTask | null;
  /** What is wrong with it. */
  readonly detail: string | null;
}

function parseEntry(text: string): ParsedEntry {
  const value = jsonIn(text);
  if (!isRecord(value)) return { name: null, task: null, detail: 'the content is not JSON' };
  const { type, name, task } = value;
  if (type === 'remove' && typeof name === 'string') return { name, task: null, detail: null };
  if (type === 'set' && isActiveTask(task)) return { name: task.name, task, detail: null };
  const { name: about } = isRecord(task) ? task : value;
  const detail = 'the content is not a change of a task';
  return { name: typeof about === 'string' ? about : null, task: null, detail };
}

/** A task of which nothing was changed since it was applied; a sentence says what is wrong with it. */
export function parseActiveTask(value: unknown): ActiveTask | string {
  if (!isActiveTask(value)) return 'it is not a task as it was applied';
  return isGenuine(value) ? value : 'the spec does not match its hash';
}

/** The hash proves that spec and credential are what was written, so only what it does not cover is looked into. */
function isActiveTask(value: unknown): value is ActiveTask {
  if (!isRecord(value)) return false;
  const { name, path, labels, annotations, spec, credential, generation, revision } = value;
  const { appliedAt, scheduledSince, runTokens } = value;
  return (
    typeof name === 'string' &&
    typeof path === 'string' &&
    isRecord(labels) &&
    isRecord(annotations) &&
    isRecord(spec) &&
    (credential === null || isRecord(credential)) &&
    Number.isInteger(generation) &&
    (revision === null || typeof revision === 'string') &&
    typeof appliedAt === 'number' &&
    typeof scheduledSince === 'number' &&
    isRecord(runTokens)
  );
}

function isGenuine({ spec, credential, specHash: hash }: ActiveTask): boolean {
  return specHash(spec, credential) === hash;
}
