import type { ActiveTask } from '../model/active.ts';
import { isRecord, jsonIn } from '../model/json-text.ts';
import { commonParts, type KnownParts, shareParts } from '../model/shared-parts.ts';
import { digest, specHash } from '../model/spec-hash.ts';

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

/** Ends with the digest of all that is before it, so that a line that is not as it was written is known. */
export function activeLine(entry: ActiveEntry): string {
  const text = JSON.stringify(entry).slice(0, -1);
  return `${text}${sealOf(text)}\n`;
}

function sealOf(text: string | Buffer): string {
  return `,"digest":"${digest(text)}"}`;
}

const sealLength = sealOf('').length;

/**
 * Reads the log. Of a task whose last line cannot be used nothing is known: what it was before that line is not what
 * anybody wants now.
 */
export function parseActiveLog(content: Buffer): ParsedActiveLog {
  const tasks = new Map<string, ActiveTask>();
  const faults: Fault[] = [];
  const known: KnownParts = new Map();
  let line = 0;
  let start = 0;
  // Line by line: the text of thousands of tasks at once, and its lines, would take twice the memory.
  for (let end = content.indexOf(lineBreak); end >= 0; end = content.indexOf(lineBreak, start)) {
    line += 1;
    const entry = parseLine(content.subarray(start, end));
    start = end + 1;
    if (entry.name !== null) tasks.delete(entry.name);
    if (entry.detail !== null) faults.push({ line, detail: entry.detail });
    if (entry.task === null) continue;
    shareParts(entry.task.spec, commonParts, known);
    shareParts(entry.task, ['labels', 'annotations', 'credential', 'runTokens'], known);
    tasks.set(entry.task.name, entry.task);
  }
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

function parseLine(content: Buffer): ParsedEntry {
  const value = jsonIn(content.toString());
  if (!isRecord(value)) return { name: null, task: null, detail: 'the content is not JSON' };
  const { type, name, task } = value;
  const { name: about } = isRecord(task) ? task : value;
  const unusable = { name: typeof about === 'string' ? about : null, task: null };
  if (!isSealed(content)) return { ...unusable, detail: 'the line does not match its checksum' };
  if (type === 'remove' && typeof name === 'string') return { name, task: null, detail: null };
  if (type === 'set' && isActiveTask(task)) return { name: task.name, task, detail: null };
  return { ...unusable, detail: 'the content is not a change of a task' };
}

function isSealed(content: Buffer): boolean {
  const end = content.length - sealLength;
  return content.toString('latin1', end) === sealOf(content.subarray(0, end));
}

/** A task of which nothing was changed since it was applied; a sentence says what is wrong with it. */
export function parseActiveTask(value: unknown): ActiveTask | string {
  if (!isActiveTask(value)) return 'it is not a task as it was applied';
  return isGenuine(value) ? value : 'the spec does not match its hash';
}

/** A checksum or hash proves that spec and credential are what was written, so only the rest is looked into. */
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
